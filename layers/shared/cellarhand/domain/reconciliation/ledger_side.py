"""The ledger's side of a reconciliation: each booked reservation is in exactly one of five parts.

Parts are summed in records and in money, the snapshots' totals in minor units. `booked` is counted
separately, from the index of visit dates, so that a reservation in none of the parts shows as *unaccounted*.

Why: docs/decisions.md#an-unanswered-order-is-a-difference
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
    """A number of records, and their money in minor units."""

    records: int = 0
    money: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(records=self.records + other.records, money=self.money + other.money)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(records=self.records - other.records, money=self.money - other.money)


class MoneyPart(StrEnum):
    """What became of a booked reservation's order."""

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
    """What a reconciliation needs of a reservation. `sent`: its order as it was last sent, if ever.

    `also_sent`: earlier versions of the order, which the CRM may still execute.
    `total`: the snapshot's, in minor units. `first_sent_at`: from when to search the CRM for the order.
    `settles_at`: from then on a read shows the result of a send without an answer.
    `locked`: it changed after the send, and staff have not applied that in the CRM. `wanted`: the total that
    its order should show now. `crm_total_after_adjustment`: the total that staff applied in the CRM, at
    `adjusted_at`. `is_replaced`: they voided or refunded the order. `may_remain_after_refund`: they may have
    refunded it, which leaves the order as it was.
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
    crm_total_after_adjustment: int | None
    is_replaced: bool
    may_remain_after_refund: bool
    adjusted_at: datetime | None

    @property
    def is_in_flight(self) -> bool:
        """Whether its send must still settle and be read back."""
        return self.state in {OrderState.SENDING, OrderState.UNKNOWN}

    def is_unanswered(self, by: datetime) -> bool:
        """Whether its send had settled by then and its result was not read back."""
        return self.settles_at is not None and self.settles_at <= by

    @property
    def sent_total(self) -> int:
        """The total of its order as it was sent."""
        return self.sent.total if self.sent else self.total

    @property
    def expected_total(self) -> int:
        """The total that its order in the CRM should show now."""
        if self.crm_total_after_adjustment is None or not self.is_replaced:
            return self.sent_total
        return self.crm_total_after_adjustment


def ledger_entry(record: ReservationRecord) -> LedgerEntry:
    """The entry of a stored reservation."""
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
        also_sent=tuple(earlier.order for earlier in order.also_sent),
        crm_order_id=order.crm_order_id,
        first_sent_at=order.first_sent_at or order.synced_at,
        synced_at=order.synced_at,
        settles_at=settles_at(record),
        locked=record.locked_after_sync,
        adjustment_id=record.adjustment_id,
        wanted=VisitAmounts.of(record.snapshot).total,
        crm_total_after_adjustment=_total_after_adjustment(record),
        is_replaced=order.replaced_at is not None,
        may_remain_after_refund=_may_remain_after_refund(order),
        adjusted_at=order.carried_over_at,
    )


def _may_remain_after_refund(order: OrderProgress) -> bool:
    """After a refund, or where staff resolved it before remedies were stored."""
    taken_back = set(order.remedies) & (VOIDS | REFUNDS)
    return order.replaced_at is not None and (not taken_back or bool(taken_back & REFUNDS))


def _total_after_adjustment(record: ReservationRecord) -> int | None:
    if record.order.carried_over_at is None:
        return None
    basis = record.order.stands_for
    return VisitAmounts.of(basis.snapshot if basis else record.snapshot).total


class LedgerSums(FrozenModel):
    """booked = synced + waiting + refused + needs_attention + excluded + unaccounted.

    `reasons` divides `excluded`. `unaccounted` is 0 unless our code has a bug.
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
        """Whether the five parts contain every booked reservation."""
        return self.unaccounted == Sum()


def ledger_sums(
    named: Collection[str], entries: Sequence[LedgerEntry], part_of: Mapping[OrderState, MoneyPart] = PART_OF
) -> LedgerSums:
    """The sums of a period: `named` are the ids in the index, `entries` those of them that could be read."""
    booked = Sum(records=len(named), money=sum(entry.total for entry in entries))
    parts = {part: _sum(e for e in entries if part_of.get(e.state) is part) for part in MoneyPart}
    excluded = sorted((e for e in entries if part_of.get(e.state) is MoneyPart.EXCLUDED), key=_reason)
    return LedgerSums(
        booked=booked,
        unaccounted=booked - sum(parts.values(), Sum()),
        reasons={reason: _sum(group) for reason, group in groupby(excluded, _reason)},
        **{part.value: total for part, total in parts.items()},
    )


def _sum(entries: Iterable[LedgerEntry]) -> Sum:
    totals = [entry.total for entry in entries]
    return Sum(records=len(totals), money=sum(totals))


def _reason(entry: LedgerEntry) -> str:
    return entry.reason or "no_reason"
