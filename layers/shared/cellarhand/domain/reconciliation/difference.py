"""One thing in which the ledger and the CRM differ."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reservations.order_progress import OrderState

from .adjusted_orders import is_as_carried_over, stands_as_sent
from .ledger_side import LedgerEntry, Sum


class DifferenceKind(StrEnum):
    """What is not as it should be; those of `DEMANDS_A_LOOK` demand that somebody looks."""

    MISSING_IN_CRM = "missing_in_crm"
    TWICE_IN_CRM = "twice_in_crm"
    CLAIMED_TWICE = "claimed_twice"
    """Its one order in the CRM is another reservation's, too: for one of them there is none."""
    OTHER_MONEY = "other_money"
    OTHER_DATE = "other_date"
    IN_CRM_NOT_SYNCED = "in_crm_not_synced"
    """The CRM has an order for a reservation that is not synced, and nothing of it is in the air."""
    UNKNOWN_IN_CRM = "unknown_in_crm"
    """It carries our prefix, and its number is no reservation's."""
    UNANSWERED = "unanswered"
    """It was sent and got no answer, and nobody has looked since: sync that reservation once more."""
    UNREADABLE = "unreadable"
    """The index names it, and our own code can't read it: unaccounted for."""
    OPEN_ADJUSTMENT = "open_adjustment"
    """It has changed since its order went out, and staff have not carried that over yet."""
    LATE_CHANGE = "late_change"
    """It has changed, and staff have carried that over."""
    REFUND_NOT_SEEN = "refund_not_seen"
    """Carried over perhaps by a refund: its order stands as sent, and no refund of it can be told."""
    CRM_NOT_READABLE = "crm_not_readable"
    """This CRM lists no orders: nobody can tell whether it has the order."""
    CRM_UNAVAILABLE = "crm_unavailable"
    """It gave no answer this time."""


DEMANDS_A_LOOK = frozenset(
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
"""What the nightly figure counts; staff know of the others, or nobody can tell."""


class Difference(FrozenModel):
    """One thing that differs. `ours` and `theirs` are minor units, or dates with `other_date`.

    `crm_order_id` names several, with a blank between them, where several are there.
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
        """By how many minor units the CRM has more or less for us than it should; never below 0."""
        if self.kind not in DEMANDS_A_LOOK or self.kind is DifferenceKind.OTHER_DATE:
            return 0
        ours, theirs = (amount if isinstance(amount, int) else 0 for amount in (self.ours, self.theirs))
        return abs(theirs - ours)


def differences_of_synced(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Iterator[Difference]:
    """How what the CRM has of a synced reservation differs from the one order that should be there."""
    if is_as_carried_over(entry, theirs):
        return
    if not theirs:
        yield about(entry, DifferenceKind.MISSING_IN_CRM, ours=entry.expected_total)
    elif len(theirs) > 1:
        yield doubtful(entry, theirs)
    elif stands_as_sent(entry, theirs):
        yield about(entry, DifferenceKind.REFUND_NOT_SEEN, ours=entry.carried_over, theirs=theirs[0].total)
    else:
        [order], sent = theirs, entry.sent
        if order.total != entry.expected_total:
            yield about(entry, DifferenceKind.OTHER_MONEY, ours=entry.expected_total, theirs=order.total)
        if sent and order.pickup_date not in {None, sent.pickup_date}:
            yield about(entry, DifferenceKind.OTHER_DATE, ours=sent.pickup_date, theirs=order.pickup_date)


def claimed(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Difference:
    """Its order is another reservation's; `theirs` is what else the CRM has of it."""
    return about(entry, DifferenceKind.CLAIMED_TWICE, ours=entry.expected_total, theirs=_sum(theirs).money)


def doubtful(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> Difference:
    """The CRM has more of a reservation than it should."""
    synced = entry.state is OrderState.SYNCED
    kind = DifferenceKind.TWICE_IN_CRM if len(theirs) > 1 else DifferenceKind.IN_CRM_NOT_SYNCED
    return about(
        entry,
        kind,
        crm_order_id=" ".join(order.crm_order_id for order in theirs),
        ours=entry.expected_total if synced else None,
        theirs=_sum(theirs).money,
    )


def unanswered(entry: LedgerEntry, theirs: Sequence[ListedOrder] = ()) -> Difference:
    """What the CRM has of an order of which nobody knows what became; maybe nothing, or nobody asked."""
    ids = " ".join(order.crm_order_id for order in theirs)
    money = _sum(theirs).money if theirs else None
    return about(entry, DifferenceKind.UNANSWERED, crm_order_id=ids or None, theirs=money)


def about(entry: LedgerEntry, kind: DifferenceKind, **fields: object) -> Difference:
    """A difference in one reservation."""
    named = {
        "reservation_id": entry.reservation_id,
        "crm_order_id": entry.crm_order_id,
        "order_number": str(entry.number) if entry.number else None,
        "visit_date": entry.visit_date,
    }
    return Difference.model_validate({**named, "kind": kind, **fields})


def _sum(orders: Sequence[ListedOrder]) -> Sum:
    return Sum(records=len(orders), money=sum(order.total or 0 for order in orders))
