"""Duplicate check, a day after the send: does the CRM have exactly one order of each reservation?

It guards the one bound that nobody can prove: how late a CRM may still execute a call that it never answered.

Why: docs/decisions.md#a-late-order-takes-a-waiting-reservation-to-review
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.orders.order_number import OrderNumberClaim, order_number_key
from cellarhand.domain.reconciliation.difference import DifferenceKind, surplus_orders
from cellarhand.domain.reconciliation.ledger_side import ledger_entry
from cellarhand.domain.reconciliation.order_matching import CrmOrders, fits
from cellarhand.domain.reservations.order_lifecycle import review
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.reservations.sent_versions import matching_sent_order
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Metrics
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.ledger.visit_walk import readable
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.update_record import update_record

from .reconcile import prefixes

FOUND_TWICE = "found_twice"
"""Reason of a synced order that the CRM has more than once: staff void one of them there."""
FOUND_LATE = "found_late"
"""Reason of a review: the CRM has an order of a reservation that is not synced."""

Report = Callable[..., None]
"""Writes a log line: a text, and ids by name; never personal data."""


class DuplicateFindings(NamedTuple):
    """`found`: how many duplicates or late orders are new; `open`: how many duplicates remain in all.

    `unanswered`: reservations that have an order in the CRM but whose send was never read back.
    """

    found: int
    open: int
    unanswered: Sequence[str]


class DetectDuplicateOrders:
    """Marks what it finds in the reservation for staff, counts it for the alarm, and logs it once."""

    def __init__(self, ledger: Records, clock: Clock, metrics: Metrics, report: Report) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._report = report

    def __call__(
        self, winery: WineryContext, listed: Sequence[ListedOrder], since: datetime
    ) -> DuplicateFindings:
        """`since`: from then on `listed` contains all orders."""
        orders = CrmOrders(listed, prefixes(winery))
        records = self._with_numbers(winery.tenant.tenant_id, orders.numbers())
        records = [self._clear_duplicate_mark(winery, record, orders, since) for record in records]
        found = sum(self._check(record, orders) for record in records)
        now = self._clock.now()
        unanswered = [r.reservation_id for r in records if ledger_entry(r).is_unanswered(now)]
        known = sum(_is_marked_duplicate(record) for record in records)
        return DuplicateFindings(found, found + known, unanswered)

    def _clear_duplicate_mark(
        self, winery: WineryContext, record: ReservationRecord, orders: CrmOrders, since: datetime
    ) -> ReservationRecord:
        """Clear the duplicate mark once staff have voided one of the two orders.

        The reservation then points at the order that is left; if that is an earlier version, an adjustment
        records the difference. Returns the record unchanged if another process saved it first.
        """
        first = record.order.first_sent_at
        if not _is_marked_duplicate(record) or first is None or since > first:
            return record
        theirs = orders.of(ledger_entry(record))
        if len(theirs) != 1:
            return record
        shown = matching_sent_order(record, partial(fits, theirs[0]))
        changes = {"reason": None, "message": None, "crm_order_id": theirs[0].crm_order_id}
        order, now = shown.order.model_copy(update=changes), self._clock.now()
        with suppress(StaleRecordError):
            unmarked = shown.with_history(now, "duplicate order voided", order=order)
            return save_adjusted(self._ledger, winery.reassess(unmarked), now)
        return record

    def _with_numbers(self, tenant_id: str, numbers: set[int]) -> list[ReservationRecord]:
        claims = self._ledger.get_many(
            OrderNumberClaim, [order_number_key(tenant_id, number) for number in sorted(numbers)]
        )
        keys = [reservation_key(tenant_id, claim.reservation_id) for claim in claims]
        return readable(self._ledger, keys)

    def _check(self, record: ReservationRecord, orders: CrmOrders) -> bool:
        """Whether something new was found; reported before it is saved, so a crash can't hide it."""
        is_reported = False

        def mark(stored: ReservationRecord) -> ReservationRecord:
            nonlocal is_reported
            marked = self._with_finding(stored, orders)
            if marked is None:
                return stored
            if not is_reported:
                self._report_finding(marked)
                is_reported = True
            return marked

        update_record(
            lambda: self._ledger.get(ReservationRecord, record.key) or record,
            mark,
            self._ledger.save,
            first=record,
        )
        return is_reported

    def _with_finding(self, record: ReservationRecord, orders: CrmOrders) -> ReservationRecord | None:
        """The reservation with the finding in its reason and message; None if there is nothing new."""
        entry = ledger_entry(record)
        theirs = orders.of(entry)
        is_synced = entry.state is OrderState.SYNCED
        if entry.is_in_flight or len(theirs) <= is_synced:
            return None
        difference = surplus_orders(entry, theirs)
        # The same text as that of `read_back`, so that what it has shown to staff is not reported again.
        text = f"The CRM has under {entry.number}: {', '.join(order.crm_order_id for order in theirs)}"
        if record.order.message == text:
            return None
        if not is_synced:
            reason = FOUND_TWICE if difference.kind is DifferenceKind.TWICE_IN_CRM else FOUND_LATE
            shown = matching_sent_order(record, partial(fits, theirs[0])) if len(theirs) == 1 else record
            return review(shown, reason, text, self._clock.now())
        order = record.order.model_copy(update={"reason": FOUND_TWICE, "message": text})
        return record.with_history(
            self._clock.now(), f"{FOUND_TWICE}: {difference.crm_order_id}", order=order
        )

    def _report_finding(self, record: ReservationRecord) -> None:
        self._metrics.count("OrdersFoundTwice")
        self._report(
            "unexpected order in the CRM",
            tenant_id=record.tenant_id,
            reservation_id=record.reservation_id,
            reason=record.order.reason,
            crm_orders=record.order.message,
        )


def _is_marked_duplicate(record: ReservationRecord) -> bool:
    return record.order.state is OrderState.SYNCED and record.order.reason == FOUND_TWICE
