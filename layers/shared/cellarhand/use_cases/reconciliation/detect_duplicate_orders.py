"""The second look at what was sent: does the CRM have one order of each reservation, a day later?

It guards the one bound that nobody can prove, how late a CRM may still execute what it never answered.
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
"""Reason of a review: an order turned up that was believed not to be there."""

Report = Callable[..., None]
"""Writes a line into the log: a text, and ids by name; never anything personal."""


class DuplicateFindings(NamedTuple):
    """How many have an order too many that was not known before, and how many in all still have.

    `unanswered`: reservations whose order the CRM has, and nobody has read back what became of its send.
    """

    found: int
    open: int
    unanswered: Sequence[str]


class DetectDuplicateOrders:
    """What it finds stands in the reservation for staff, is counted for the alarm, and told once."""

    def __init__(self, ledger: Records, clock: Clock, metrics: Metrics, report: Report) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._report = report

    def __call__(
        self, winery: WineryContext, listed: Sequence[ListedOrder], since: datetime
    ) -> DuplicateFindings:
        """`since`: from when on `listed` holds all orders."""
        orders = CrmOrders(listed, prefixes(winery))
        records = self._with_numbers(winery.tenant.tenant_id, orders.numbers())
        records = [self._without_duplicate_mark(winery, record, orders, since) for record in records]
        found = sum(self._look_at(record, orders) for record in records)
        now = self._clock.now()
        unanswered = [one.reservation_id for one in records if ledger_entry(one).is_unanswered(now)]
        return DuplicateFindings(found, found + sum(_is_twice(record) for record in records), unanswered)

    def _without_duplicate_mark(
        self, winery: WineryContext, record: ReservationRecord, orders: CrmOrders, since: datetime
    ) -> ReservationRecord:
        """Without the mark, once staff have voided the order too many; if somebody was first, as it was.

        It stands for the order that they have left; if that is an earlier one, an adjustment tells the rest.
        """
        first = record.order.first_sent_at
        if not _is_twice(record) or first is None or since > first:
            return record
        theirs = orders.of(ledger_entry(record))
        if len(theirs) != 1:
            return record
        shown = matching_sent_order(record, partial(fits, theirs[0]))
        changes = {"reason": None, "message": None, "crm_order_id": theirs[0].crm_order_id}
        order, now = shown.order.model_copy(update=changes), self._clock.now()
        with suppress(StaleRecordError):
            without_duplicate_mark = winery.judged(shown.with_history(now, "one order again", order=order))
            return save_adjusted(self._ledger, without_duplicate_mark, now)
        return record

    def _with_numbers(self, tenant_id: str, numbers: set[int]) -> list[ReservationRecord]:
        claims = self._ledger.get_many(
            OrderNumberClaim, [order_number_key(tenant_id, number) for number in sorted(numbers)]
        )
        keys = [reservation_key(tenant_id, claim.reservation_id) for claim in claims]
        return readable(self._ledger, keys)

    def _look_at(self, record: ReservationRecord, orders: CrmOrders) -> bool:
        """Whether something new was found: it is told before it is kept, so that a crash can't swallow it."""
        is_told = False

        def mark(stored: ReservationRecord) -> ReservationRecord:
            nonlocal is_told
            marked = self._marked(stored, orders)
            if marked is None:
                return stored
            if not is_told:
                self._tell_of(marked)
                is_told = True
            return marked

        update_record(
            lambda: self._ledger.get(ReservationRecord, record.key) or record,
            mark,
            self._ledger.save,
            first=record,
        )
        return is_told

    def _marked(self, record: ReservationRecord, orders: CrmOrders) -> ReservationRecord | None:
        """The reservation with what is wrong; None if nothing is, or nothing new."""
        entry = ledger_entry(record)
        theirs = orders.of(entry)
        is_synced = entry.state is OrderState.SYNCED
        if entry.is_in_flight or len(theirs) <= is_synced:
            return None
        difference = surplus_orders(entry, theirs)
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

    def _tell_of(self, record: ReservationRecord) -> None:
        self._metrics.count("OrdersFoundTwice")
        self._report(
            "an order too many in the CRM",
            tenant_id=record.tenant_id,
            reservation_id=record.reservation_id,
            reason=record.order.reason,
            crm_orders=record.order.message,
        )


def _is_twice(record: ReservationRecord) -> bool:
    return record.order.state is OrderState.SYNCED and record.order.reason == FOUND_TWICE
