"""A period's books: everything booked stands in exactly one of five parts, in records and in money.

Money is the snapshots' totals, in minor units. `booked` is counted apart from the parts, from what the
index of visit dates names, so that a reservation that falls out of all parts shows as *unaccounted*.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from cellarhand.domain.adjustments.adjustment import VisitAmounts
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import Order, OrderNumber
from cellarhand.domain.orders.remedy import REFUNDS, VOIDS
from cellarhand.domain.reservations.order_lifecycle import settles_at
from cellarhand.domain.reservations.order_progress import WAITING, OrderProgress, OrderState, last_sent
from cellarhand.domain.reservations.reservation import ReservationRecord


class Sum(FrozenModel):
    """How many, and their money in minor units."""

    records: int = 0
    money: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(records=self.records + other.records, money=self.money + other.money)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(records=self.records - other.records, money=self.money - other.money)


class MoneyPart(StrEnum):
    """Where a booked reservation stands on its order's way."""

    SYNCED = "synced"
    WAITING = "waiting"
    REFUSED = "refused"
    NEEDS_ATTENTION = "needs_attention"
    EXCLUDED = "excluded"


PART_OF: Mapping[OrderState, MoneyPart] = {
    OrderState.SYNCED: MoneyPart.SYNCED,
    **dict.fromkeys(WAITING, MoneyPart.WAITING),
    OrderState.REJECTED: MoneyPart.REFUSED,
    OrderState.REVIEW: MoneyPart.NEEDS_ATTENTION,
    OrderState.NOT_ELIGIBLE: MoneyPart.EXCLUDED,
}


class LedgerEntry(NamedTuple):
    """What the books need of a reservation. `sent`: the order as it went out, if it ever did.

    `also_sent`: what else went out, and may turn up late.
    `total` is the snapshot's, in minor units; `first_sent_at` where a look for the order has to begin;
    `settles_at` from when on it can be learnt what became of a send without an answer.
    `locked`: changed since, and not carried over by staff; `wanted`: what its order should show now;
    `carried_over`: the total that staff made of it, `is_replaced`: by taking the order back, and
    `may_remain_after_refund`: perhaps by a refund, which leaves the order as it was.
    """

    reservation_id: str
    visit_date: date
    state: OrderState
    reason: str | None
    total: int
    number: OrderNumber | None
    sent: Order | None
    also_sent: tuple[Order, ...]
    crm_order_id: str | None
    first_sent_at: datetime | None
    synced_at: datetime | None
    settles_at: datetime | None
    locked: bool
    adjustment_id: str | None
    wanted: int
    carried_over: int | None
    is_replaced: bool
    may_remain_after_refund: bool
    carried_over_at: datetime | None

    @property
    def is_in_flight(self) -> bool:
        """Whether its send is still to be settled and read back."""
        return self.state in {OrderState.SENDING, OrderState.UNKNOWN}

    def is_unanswered(self, by: datetime) -> bool:
        """Whether its send had settled by then, and nobody has read back what became of it."""
        return self.settles_at is not None and self.settles_at <= by

    @property
    def sent_total(self) -> int:
        """What its order was to bring when it was sent."""
        return self.sent.total if self.sent else self.total

    @property
    def expected_total(self) -> int:
        """What its order in the CRM should bring now."""
        if self.carried_over is None or not self.is_replaced:
            return self.sent_total
        return self.carried_over


def ledger_entry(record: ReservationRecord) -> LedgerEntry:
    """As the ledger has it."""
    order = record.order
    number = None if order.number is None else OrderNumber(prefix=order.prefix or "", number=order.number)
    return LedgerEntry(
        reservation_id=record.reservation_id,
        visit_date=record.snapshot.visit_date,
        state=order.state,
        reason=order.reason,
        total=record.snapshot.total,
        number=number,
        sent=last_sent(order),
        also_sent=tuple(one.order for one in order.also_sent),
        crm_order_id=order.crm_order_id,
        first_sent_at=order.first_sent_at or order.synced_at,
        synced_at=order.synced_at,
        settles_at=settles_at(record),
        locked=record.locked_after_sync,
        adjustment_id=record.adjustment_id,
        wanted=VisitAmounts.of(record.snapshot).total,
        carried_over=_carried_over(record),
        is_replaced=order.replaced_at is not None,
        may_remain_after_refund=_may_remain_after_refund(order),
        carried_over_at=order.carried_over_at,
    )


def _may_remain_after_refund(order: OrderProgress) -> bool:
    """Once refunded, or if how it was taken back was not kept yet."""
    taken_back = set(order.remedies) & (VOIDS | REFUNDS)
    return order.replaced_at is not None and (not taken_back or bool(taken_back & REFUNDS))


def _carried_over(record: ReservationRecord) -> int | None:
    if record.order.carried_over_at is None:
        return None
    basis = record.order.stands_for
    return VisitAmounts.of(basis.snapshot if basis else record.snapshot).total


class LedgerSums(FrozenModel):
    """booked = synced + waiting + refused + needs_attention + excluded + unaccounted.

    `reasons` divides what is excluded. `unaccounted` is nothing, or it is a fault of ours.
    """

    booked: Sum
    synced: Sum
    waiting: Sum
    refused: Sum
    needs_attention: Sum
    excluded: Sum
    unaccounted: Sum
    reasons: Mapping[str, Sum]

    @property
    def adds_up(self) -> bool:
        """Whether the five parts are all there is."""
        return self.unaccounted == Sum()


def ledger_sums(
    named: Collection[str], entries: Sequence[LedgerEntry], part_of: Mapping[OrderState, MoneyPart] = PART_OF
) -> LedgerSums:
    """The books of a period: the ids that the index names, and those of them that could be read."""
    whole = Sum(records=len(named), money=sum(entry.total for entry in entries))
    parts = {part: _sum(e for e in entries if part_of.get(e.state) is part) for part in MoneyPart}
    excluded = sorted((e for e in entries if part_of.get(e.state) is MoneyPart.EXCLUDED), key=_reason)
    return LedgerSums(
        booked=whole,
        unaccounted=whole - sum(parts.values(), Sum()),
        reasons={reason: _sum(those) for reason, those in groupby(excluded, _reason)},
        **{part.value: total for part, total in parts.items()},
    )


def _sum(entries: Iterable[LedgerEntry]) -> Sum:
    totals = [entry.total for entry in entries]
    return Sum(records=len(totals), money=sum(totals))


def _reason(entry: LedgerEntry) -> str:
    return entry.reason or "no_reason"
