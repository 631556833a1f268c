"""The reservation record of the ledger: the newest snapshot, its customer, and its order.

Why: docs/decisions.md#one-index-for-open-and-closed-visits
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Literal

from cellarhand.domain.booking.snapshot import Guest, Snapshot
from cellarhand.domain.discounts.allowance import HeldAllowances
from cellarhand.domain.discounts.price_difference import PriceCheck
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order_diff import OrderChange
from cellarhand.domain.records import Key, Place, Record, tenant_partition

from .order_progress import OrderProgress, OrderState

HISTORY_KEPT = 20


class CustomerState(StrEnum):
    """The state of the guest's upsert."""

    LINKED = "linked"
    CREATED = "created"
    PENDING = "pending"
    NEEDS_ATTENTION = "needs_attention"
    SKIPPED = "skipped"


class CustomerProgress(FrozenModel):
    """The guest's progress on the way to the CRM. `reason` is a label; `field` names what staff must correct.

    `second_look_at`: from when a search shows whether somebody else created the same customer as we did.
    """

    state: CustomerState
    customer_id: str | None = None
    reason: str | None = None
    field: str | None = None
    message: str | None = None
    duplicates: int = 0
    second_look_at: datetime | None = None
    attempts: int = 0
    next_action_at: datetime | None = None


EXCLUDING_REASONS = frozenset({"cancelled", "ticket_order", "excluded_by_staff"})
"""Reasons that only a change of the reservation can lift; scheduled runs no longer read such records."""

VisitPart = Literal["open", "out", "closed"]


class Exclusion(FrozenModel):
    """Staff exclude this reservation from order sync."""

    by: str
    at: datetime


class GuestCorrection(FrozenModel):
    """Staff corrected the guest: `snapshot.guest` is the corrected one, `original_guest` the engine's."""

    original_guest: Guest
    key_id: str
    at: datetime


class Transition(FrozenModel):
    """One line of the history: `what` is a label with ids, never personal data."""

    at: datetime
    what: str


class ReservationRecord(Record):
    """One reservation in the ledger: the source of truth from which all work is derived.

    `snapshot` is the newest one, its guest with any correction by staff. `changes_after_sync` are the
    differences between the reservation and its order in the CRM; `adjustment_id` is the open adjustment for
    them.
    """

    compressed: ClassVar[bool] = True

    tenant_id: str
    reservation_id: str
    snapshot: Snapshot
    received_at: datetime
    customer: CustomerProgress
    order: OrderProgress
    correction: GuestCorrection | None = None
    excluded: Exclusion | None = None
    allowances: HeldAllowances = HeldAllowances()
    price_check: PriceCheck | None = None
    changes_after_sync: tuple[OrderChange, ...] = ()
    adjustment_id: str | None = None
    history: tuple[Transition, ...] = ()

    @property
    def key(self) -> Key:
        """One per tenant and reservation."""
        return reservation_key(self.tenant_id, self.reservation_id)

    @property
    def locked_after_sync(self) -> bool:
        """Whether the reservation differs from its order in the CRM."""
        return bool(self.changes_after_sync)

    @property
    def due_at(self) -> datetime | None:
        """When the guest's upsert must be retried; orders wait in their sync run instead."""
        return self.customer.next_action_at

    @property
    def place(self) -> Place:
        """In the worklist `open` until synced or excluded, sorted by the local date of the visit."""
        return Place(
            visits_worklist(self.tenant_id, self._part),
            visit_position(self.snapshot.visit_date, self.reservation_id),
        )

    @property
    def _part(self) -> "VisitPart":
        if self.order.state is OrderState.SYNCED:
            return "closed"
        if self.order.state is not OrderState.NOT_ELIGIBLE:
            return "open"
        unpaid_no_show = self.snapshot.state == "no_show" and self.snapshot.paid == 0
        return "out" if unpaid_no_show or self.order.reason in EXCLUDING_REASONS else "open"

    def with_history(self, at: datetime, what: str, **changes: object) -> "ReservationRecord":
        """A copy with these changes and a new line of history."""
        history = (*self.history, Transition(at=at, what=what))[-HISTORY_KEPT:]
        return self.model_copy(update={**changes, "history": history})


def reservation_key(tenant_id: str, reservation_id: str) -> Key:
    """The key of a reservation in the ledger."""
    return Key(tenant_partition(tenant_id), f"RES#{reservation_id}")


def reservation_id_of(key: Key) -> str:
    """The reservation's id in a key made by `reservation_key`."""
    return key.sort.removeprefix("RES#")


def visits_worklist(tenant_id: str, part: VisitPart) -> str:
    """The tenant's worklist of reservations with orders to sync (open), excluded (out) or synced (closed)."""
    return f"{tenant_partition(tenant_id)}#{part}"


def visit_position(visit_date: date, reservation_id: str = "") -> str:
    """A visit's position in its worklist; without an id, the position before all visits of that date."""
    return f"{visit_date.isoformat()}#{reservation_id}"
