"""One difference between the ledger and the CRM.

Why: docs/decisions.md#only-what-needs-an-alarm-counts-at-night
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reservations.order_progress import OrderState

from .adjusted_orders import is_unchanged_since_send, matches_adjustment
from .ledger_side import LedgerEntry, Sum


class DifferenceKind(StrEnum):
    """What differs; somebody has to look into those of `ACTIONABLE_KINDS`."""

    MISSING_IN_CRM = "missing_in_crm"
    TWICE_IN_CRM = "twice_in_crm"
    CLAIMED_TWICE = "claimed_twice"
    """Two reservations have the same order in the CRM: one of them has no order of its own."""
    OTHER_MONEY = "other_money"
    OTHER_DATE = "other_date"
    IN_CRM_NOT_SYNCED = "in_crm_not_synced"
    """The CRM has an order of a reservation that is not synced and has no send in flight."""
    UNKNOWN_IN_CRM = "unknown_in_crm"
    """An order with our prefix whose number belongs to no reservation."""
    UNANSWERED = "unanswered"
    """The send got no answer and was not read back since: sync that reservation again."""
    UNREADABLE = "unreadable"
    """A reservation that the index names but our code can't read: it is unaccounted for."""
    OPEN_ADJUSTMENT = "open_adjustment"
    """The reservation changed after its order was sent, and staff have not changed the order yet."""
    LATE_CHANGE = "late_change"
    """The reservation changed after its order was sent, and staff have changed the order in the CRM."""
    REFUND_NOT_SEEN = "refund_not_seen"
    """The advice may have been a refund: the order is as it was sent, and no refund can be identified."""
    CRM_NOT_READABLE = "crm_not_readable"
    """This CRM can't list orders, so nobody knows whether it has the order."""
    CRM_UNAVAILABLE = "crm_unavailable"
    """The CRM gave no answer this time."""


ACTIONABLE_KINDS = frozenset(
    {
        DifferenceKind.MISSING_IN_CRM,
        DifferenceKind.TWICE_IN_CRM,
        DifferenceKind.CLAIMED_TWICE,
        DifferenceKind.OTHER_MONEY,
        DifferenceKind.OTHER_DATE,
        DifferenceKind.IN_CRM_NOT_SYNCED,
        DifferenceKind.UNKNOWN_IN_CRM,
        DifferenceKind.UNANSWERED,
        DifferenceKind.UNREADABLE,
    }
)
"""The kinds that the nightly check counts; of the others staff know already, or nobody can know."""


class Difference(FrozenModel):
    """One difference. `ours` and `theirs` are minor units, or dates with `other_date`.

    `crm_order_id`: where the CRM has several orders, all their ids, separated by blanks.
    """

    kind: DifferenceKind
    reservation_id: str | None = None
    crm_order_id: str | None = None
    order_number: str | None = None
    visit_date: date | None = None
    ours: int | date | None = None
    theirs: int | date | None = None
    adjustment_id: str | None = None

    @property
    def deviation(self) -> int:
        """How many minor units the CRM has too much or too little; never below 0."""
        if self.kind not in ACTIONABLE_KINDS or self.kind is DifferenceKind.OTHER_DATE:
            return 0
        ours, theirs = (amount if isinstance(amount, int) else 0 for amount in (self.ours, self.theirs))
        return abs(theirs - ours)


def differences_of_synced(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Iterator[Difference]:
    """Where the CRM's orders of a synced reservation differ from the one order that should be there."""
    if matches_adjustment(entry, theirs):
        return
    if not theirs:
        yield difference_of(entry, DifferenceKind.MISSING_IN_CRM, ours=entry.expected_total)
    elif len(theirs) > 1:
        yield surplus_orders(entry, theirs)
    elif is_unchanged_since_send(entry, theirs):
        ours, kind = entry.crm_total_after_adjustment, DifferenceKind.REFUND_NOT_SEEN
        yield difference_of(entry, kind, ours=ours, theirs=theirs[0].total)
    else:
        [order], sent = theirs, entry.sent
        if order.total != entry.expected_total:
            kind = DifferenceKind.OTHER_MONEY
            yield difference_of(entry, kind, ours=entry.expected_total, theirs=order.total)
        if sent and order.pickup_date not in {None, sent.pickup_date}:
            kind = DifferenceKind.OTHER_DATE
            yield difference_of(entry, kind, ours=sent.pickup_date, theirs=order.pickup_date)


def claimed_twice(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Difference:
    """Its order belongs to another reservation; `theirs`: its other orders in the CRM."""
    kind, money = DifferenceKind.CLAIMED_TWICE, order_sum(theirs).money
    return difference_of(entry, kind, ours=entry.expected_total, theirs=money)


def surplus_orders(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Difference:
    """The CRM has more orders of a reservation than it should."""
    synced = entry.state is OrderState.SYNCED
    kind = DifferenceKind.TWICE_IN_CRM if len(theirs) > 1 else DifferenceKind.IN_CRM_NOT_SYNCED
    return difference_of(
        entry,
        kind,
        crm_order_id=" ".join(order.crm_order_id for order in theirs),
        ours=entry.expected_total if synced else None,
        theirs=order_sum(theirs).money,
    )


def unanswered(entry: LedgerEntry, theirs: Sequence[ListedOrder] = ()) -> Difference:
    """A send with no known result. `theirs`: its orders in the CRM, empty if none are there or were read."""
    ids = " ".join(order.crm_order_id for order in theirs)
    money = order_sum(theirs).money if theirs else None
    return difference_of(entry, DifferenceKind.UNANSWERED, crm_order_id=ids or None, theirs=money)


def difference_of(entry: LedgerEntry, kind: DifferenceKind, **fields: object) -> Difference:
    """A difference in one reservation, with its ids and visit date."""
    named = {
        "reservation_id": entry.reservation_id,
        "crm_order_id": entry.crm_order_id,
        "order_number": str(entry.number) if entry.number else None,
        "visit_date": entry.visit_date,
    }
    return Difference.model_validate({**named, "kind": kind, **fields})


def order_sum(orders: Sequence[ListedOrder]) -> Sum:
    """How many orders, and their total."""
    return Sum(records=len(orders), money=sum(order.total or 0 for order in orders))
