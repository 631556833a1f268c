"""Showing reservations: how far the guest and the order have come, and why not further. No personal data."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from cellarhand.domain.orders.order import OrderNumber
from cellarhand.domain.orders.order_diff import OrderChange
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import (
    CustomerState,
    Exclusion,
    ReservationRecord,
    Transition,
    VisitPart,
)
from cellarhand.ports.records import Records
from cellarhand.use_cases.cursor import broken_cursor, cursor_text, read_cursor
from cellarhand.use_cases.ledger.read_reservation import stored_reservation
from cellarhand.use_cases.ledger.visit_walk import EVERY_PART, VisitWalk, readable

RESERVATIONS_PER_PAGE = 50
PAGES_SEARCHED = 10
"""How many pages one request reads at most; an answer with few items, or none, may still have a `next`."""


class GuestView(BaseModel):
    """The guest's way into the CRM."""

    state: CustomerState
    customer_id: str | None
    reason: str | None
    field: str | None
    message: str | None
    duplicates: int
    next_action_at: datetime | None


class OrderView(BaseModel):
    """The order's way into the CRM; `settles_at` is when an unanswered send can be looked up."""

    state: OrderState
    reason: str | None
    message: str | None
    order_number: str | None
    crm_order_id: str | None
    run_id: str | None
    attempts: int
    settles_at: datetime | None
    synced_at: datetime | None


class ReservationSummary(BaseModel):
    """A reservation as lists show it. `starts_at` is the winery's wall clock; money in minor units."""

    reservation_id: str
    sequence: int
    reservation_state: str
    kind: str
    event_id: str
    starts_at: str
    party_size: int
    total: int
    paid: int
    balance: int
    customer: GuestView
    order: OrderView
    excluded: Exclusion | None
    locked_after_sync: bool


class OpenAdjustment(BaseModel):
    """What the order in the CRM does not say yet, and the adjustment by which staff carry it over."""

    adjustment_id: str
    changes: tuple[OrderChange, ...]


class ReservationDetails(ReservationSummary):
    """With its open adjustment, and its last steps, oldest first."""

    received_at: datetime
    adjustment: OpenAdjustment | None
    history: tuple[Transition, ...]


class ReservationList(BaseModel):
    """A page, by date of the visit within open, out and synced ones."""

    reservations: list[ReservationSummary]
    next: str | None


class ListReservations:
    """Reads only."""

    def __init__(self, ledger: Records) -> None:
        self._ledger = ledger

    def one(self, tenant_id: str, reservation_id: str) -> ReservationDetails:
        """Raises `NotFoundError`."""
        return details_of(stored_reservation(self._ledger, tenant_id, reservation_id))

    def search(
        self,
        tenant_id: str,
        order_state: OrderState | None,
        from_date: date | None,
        to_date: date | None,
        cursor: str | None,
    ) -> ReservationList:
        """Those with visits in these dates. Raises `InvalidRequestError` for a broken cursor."""
        walk = VisitWalk(self._ledger, tenant_id, _parts(order_state))
        place = read_cursor(cursor) if cursor else None
        found: list[ReservationSummary] = []
        for _ in range(PAGES_SEARCHED):
            try:
                keys, place = walk.page(from_date, to_date, place, RESERVATIONS_PER_PAGE)
            except ValueError:
                raise broken_cursor() from None
            records = readable(self._ledger, keys)
            found += [summary_of(r) for r in records if order_state in {None, r.order.state}]
            if place is None or len(found) >= RESERVATIONS_PER_PAGE:
                break
        return ReservationList(reservations=found, next=cursor_text(place) if place else None)


def details_of(record: ReservationRecord) -> ReservationDetails:
    """Everything that is shown of a reservation."""
    summary = summary_of(record)
    return ReservationDetails(
        **dict(summary),
        received_at=record.received_at,
        adjustment=_open_adjustment(record),
        history=record.history,
    )


def summary_of(record: ReservationRecord) -> ReservationSummary:
    """What lists show of a reservation."""
    snapshot = record.snapshot
    return ReservationSummary(
        reservation_id=record.reservation_id,
        sequence=snapshot.sequence,
        reservation_state=snapshot.state,
        kind=snapshot.kind,
        event_id=snapshot.event_id,
        starts_at=snapshot.starts_at,
        party_size=snapshot.party_size,
        total=snapshot.total,
        paid=snapshot.paid,
        balance=snapshot.balance,
        customer=GuestView(**record.customer.model_dump(include=set(GuestView.model_fields))),
        order=_order(record.order),
        excluded=record.excluded,
        locked_after_sync=record.locked_after_sync,
    )


def _open_adjustment(record: ReservationRecord) -> OpenAdjustment | None:
    if record.adjustment_id is None:
        return None
    return OpenAdjustment(adjustment_id=record.adjustment_id, changes=record.changes_after_sync)


def _order(order: OrderProgress) -> OrderView:
    same = order.model_dump(include=set(OrderView.model_fields))
    number = None
    if order.number is not None:
        number = str(OrderNumber(prefix=order.prefix or "", number=order.number))
    settles_at = order.intent.settle_until if order.intent else None
    return OrderView(**same, order_number=number, settles_at=settles_at)


def _parts(order_state: OrderState | None) -> Sequence[VisitPart]:
    match order_state:
        case None:
            return EVERY_PART
        case OrderState.SYNCED:
            return ("closed",)
        case OrderState.NOT_ELIGIBLE:
            return ("open", "out")
        case _:
            return ("open",)
