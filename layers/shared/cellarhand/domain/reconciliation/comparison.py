"""Where our books and the CRM's differ: in which order, and by how much."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reservations.order_progress import OrderState

from .adjusted_orders import is_as_carried_over, stands_as_sent
from .difference import (
    Difference,
    DifferenceKind,
    _sum,
    about,
    claimed,
    differences_of_synced,
    doubtful,
    unanswered,
)
from .ledger_side import LedgerEntry, Sum
from .order_matching import CrmOrders


class CrmSums(FrozenModel):
    """The CRM's side. `expected`: the synced orders as sent or carried over; `found`: what it has of them.

    `unexpected`: orders of reservations that are not synced. `unknown`: orders with our prefix that are no
    reservation's. `unanswered`: orders of reservations whose send got no answer, and was not looked into
    since. `others`: orders of none of these reservations and without our prefix, counted only.
    `too_recent`: synced so shortly ago that the CRM may not show them yet. `money_difference`: what the CRM
    has for us beyond what it should have.
    """

    expected: Sum = Sum()
    found: Sum = Sum()
    unexpected: Sum = Sum()
    unknown: Sum = Sum()
    unanswered: Sum = Sum()
    others: int = 0
    too_recent: int = 0
    money_difference: int = 0


class Comparison:
    """Reservations held against the CRM's orders. `shown_by`: what was synced later may not show yet."""

    def __init__(self, orders: CrmOrders, shown_by: datetime) -> None:
        self._orders = orders
        self._shown_by = shown_by
        self._ours: set[str] = set()
        self._expected, self._found, self._unexpected, self._unknown = Sum(), Sum(), Sum(), Sum()
        self._unanswered = Sum()
        self._too_recent = 0
        self.differences: list[Difference] = []

    @property
    def sums(self) -> CrmSums:
        """So far."""
        theirs = self._found + self._unexpected + self._unknown + self._unanswered
        return CrmSums(
            expected=self._expected,
            found=self._found,
            unexpected=self._unexpected,
            unknown=self._unknown,
            unanswered=self._unanswered,
            others=self._orders.others(self._ours),
            too_recent=self._too_recent,
            money_difference=theirs.money - self._expected.money,
        )

    def add(self, entry: LedgerEntry) -> None:
        """Hold one reservation against what the CRM has of it."""
        found = self._orders.of(entry)
        theirs = [order for order in found if order.crm_order_id not in self._ours]
        self._ours.update(order.crm_order_id for order in found)
        if entry.is_unanswered(self._shown_by):
            self._unanswered += _sum(theirs)
            self.differences.append(unanswered(entry, theirs))
        if entry.is_in_flight:
            return
        if entry.state is OrderState.SYNCED:
            self._add_synced(entry, theirs, is_claimed=len(theirs) < len(found))
        elif theirs:
            self._unexpected += _sum(theirs)
            self.differences.append(doubtful(entry, theirs))

    def add_unknown(self, orders: Sequence[ListedOrder]) -> None:
        """Orders that carry our prefix and are no reservation's."""
        self._ours.update(order.crm_order_id for order in orders)
        self._unknown += _sum(orders)
        self.differences += [
            Difference(
                kind=DifferenceKind.UNKNOWN_IN_CRM,
                crm_order_id=order.crm_order_id,
                order_number=order.number,
                visit_date=order.pickup_date,
                theirs=order.total,
            )
            for order in orders
        ]

    def unknown_numbers(self) -> dict[int, list[ListedOrder]]:
        """Orders with our prefix that nothing added so far accounts for, by number."""
        return self._orders.prefixed(self._ours)

    def _add_synced(self, entry: LedgerEntry, theirs: Sequence[ListedOrder], *, is_claimed: bool) -> None:
        is_fresh = entry.synced_at is not None and entry.synced_at > self._shown_by
        if not theirs and is_fresh and not is_claimed:
            self._too_recent += 1
            return
        theirs = [*theirs, *self._refund(entry, theirs)]
        is_right = not is_claimed and (is_as_carried_over(entry, theirs) or stands_as_sent(entry, theirs))
        self._expected += _sum(theirs) if is_right else Sum(records=1, money=entry.expected_total)
        self._found += _sum(theirs)
        self.differences += [claimed(entry, theirs)] if is_claimed else differences_of_synced(entry, theirs)

    def _refund(self, entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Sequence[ListedOrder]:
        """An order of its own, where its order was refunded and that can be told."""
        if not entry.may_remain_after_refund or len(theirs) != 1 or is_as_carried_over(entry, theirs):
            return []
        refund = self._orders.refund_of(entry, theirs[0], self._ours)
        self._ours.update([refund.crm_order_id] if refund else [])
        return [refund] if refund else []


def late_changes(entries: Sequence[LedgerEntry]) -> Iterator[Difference]:
    """Reservations that changed after their order was sent: what it should show, and what it was."""
    for entry in entries:
        if entry.locked:
            kind, named = DifferenceKind.OPEN_ADJUSTMENT, entry.adjustment_id
            theirs = entry.sent_total if entry.carried_over is None else entry.carried_over
            yield about(entry, kind, ours=entry.wanted, theirs=theirs, adjustment_id=named)
        elif entry.carried_over is not None:
            yield about(entry, DifferenceKind.LATE_CHANGE, ours=entry.carried_over, theirs=entry.sent_total)
