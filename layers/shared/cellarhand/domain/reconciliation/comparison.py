"""Compare the ledger's reservations with the CRM's orders: which differ, and by how much.

Why: docs/decisions.md#one-crm-order-belongs-to-one-reservation, #compare-by-the-correction-that-was-advised
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reservations.order_progress import OrderState

from .adjusted_orders import is_unchanged_since_send, matches_adjustment
from .difference import (
    Difference,
    DifferenceKind,
    claimed_twice,
    difference_of,
    differences_of_synced,
    order_sum,
    surplus_orders,
    unanswered,
)
from .ledger_side import LedgerEntry, Sum
from .order_matching import CrmOrders


class CrmSums(FrozenModel):
    """The CRM's side. `expected`: synced orders as sent or adjusted; `found`: what the CRM has of them.

    `unexpected`: orders of reservations that are not synced. `unknown`: orders with our prefix that belong to
    no reservation. `unanswered`: orders of reservations whose send got no answer and was not read back since.
    `others`: orders of none of these reservations and without our prefix, only counted. `too_recent`: synced
    so recently that the CRM may not show them yet. `money_difference`: what the CRM has for us minus what it
    should.
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
    """Compares reservations with the CRM's orders. `shown_by`: the CRM may not show later orders yet."""

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
        """The sums of all reservations added so far."""
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
        """Compare one reservation with its orders in the CRM."""
        found = self._orders.of(entry)
        theirs = [order for order in found if order.crm_order_id not in self._ours]
        self._ours.update(order.crm_order_id for order in found)
        if entry.is_unanswered(self._shown_by):
            self._unanswered += order_sum(theirs)
            self.differences.append(unanswered(entry, theirs))
        if entry.is_in_flight:
            return
        if entry.state is OrderState.SYNCED:
            self._add_synced(entry, theirs, is_claimed=len(theirs) < len(found))
        elif theirs:
            self._unexpected += order_sum(theirs)
            self.differences.append(surplus_orders(entry, theirs))

    def add_unknown(self, orders: Sequence[ListedOrder]) -> None:
        """Add orders that have our prefix but belong to no reservation."""
        self._ours.update(order.crm_order_id for order in orders)
        self._unknown += order_sum(orders)
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
        """Orders with our prefix that match no reservation added so far, by number."""
        return self._orders.prefixed(self._ours)

    def _add_synced(self, entry: LedgerEntry, theirs: Sequence[ListedOrder], *, is_claimed: bool) -> None:
        is_recent = entry.synced_at is not None and entry.synced_at > self._shown_by
        if not theirs and is_recent and not is_claimed:
            self._too_recent += 1
            return
        theirs = [*theirs, *self._refund(entry, theirs)]
        is_adjusted = matches_adjustment(entry, theirs) or is_unchanged_since_send(entry, theirs)
        is_right = not is_claimed and is_adjusted
        self._expected += order_sum(theirs) if is_right else Sum(records=1, money=entry.expected_total)
        self._found += order_sum(theirs)
        found = [claimed_twice(entry, theirs)] if is_claimed else differences_of_synced(entry, theirs)
        self.differences += found

    def _refund(self, entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Sequence[ListedOrder]:
        """The refund of its order, a separate order in the CRM, where one can be identified."""
        if not entry.may_remain_after_refund or len(theirs) != 1 or matches_adjustment(entry, theirs):
            return []
        refund = self._orders.refund_of(entry, theirs[0], self._ours)
        self._ours.update([refund.crm_order_id] if refund else [])
        return [refund] if refund else []


def late_changes(entries: Sequence[LedgerEntry]) -> Iterator[Difference]:
    """Reservations that changed after their order was sent: what it should show now, and what it showed."""
    for entry in entries:
        adjusted = entry.crm_total_after_adjustment
        if entry.locked:
            kind, named = DifferenceKind.OPEN_ADJUSTMENT, entry.adjustment_id
            theirs = entry.sent_total if adjusted is None else adjusted
            yield difference_of(entry, kind, ours=entry.wanted, theirs=theirs, adjustment_id=named)
        elif adjusted is not None:
            yield difference_of(entry, DifferenceKind.LATE_CHANGE, ours=adjusted, theirs=entry.sent_total)
