"""An adjustment: a change that staff must apply by hand to an order that is already in the CRM.

open --changed back--> withdrawn        open --staff say it is done--> resolved
 | ^--another change updates it

A reservation has at most one open adjustment, which always contains the whole difference: from the order as
it was sent or, once an adjustment was resolved, from what staff applied then. Closed ones are kept as
history.

Why: docs/decisions.md#at-most-one-open-adjustment
"""

import re
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import OrderNumber
from cellarhand.domain.orders.order_diff import OrderChange, OrderPart, OrderSource, hidden_fields_hash
from cellarhand.domain.orders.remedy import Remedy
from cellarhand.domain.records import Key, Place, Record, tenant_partition
from cellarhand.domain.reservations.reservation import ReservationRecord

ADJUSTMENT_PREFIX = "ADJ#"


class AdjustmentState(StrEnum):
    """Open, or how it was closed."""

    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    """The reservation matches the order again: nothing is left to do."""


class VisitAmounts(FrozenModel):
    """The money of an order, in minor units; `sub_total` is net of discounts, `total` what was paid."""

    sub_total: int
    taxes: int
    total: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> "VisitAmounts":
        """The amounts of a snapshot's order; for a cancelled visit only what was paid counts."""
        if snapshot.state == "cancelled":
            return cls(sub_total=0, taxes=0, total=snapshot.paid)
        return cls(sub_total=snapshot.total - snapshot.tax, taxes=snapshot.tax, total=snapshot.paid)


class Resolution(FrozenModel):
    """Who said that the order in the CRM is right again, when, and their note.

    `remedy`: the advice at that time; absent in adjustments resolved before it was stored.
    """

    by: str
    at: datetime
    note: str
    remedy: Remedy | None = None


class Adjustment(Record):
    """`in_crm`: what the order in the CRM shows; `wanted`: what it should show; `sequence`: the snapshot's.

    `entered_at`: the earliest time at which the order was entered in the CRM. `hidden_fields_hash`: of what
    `changes` don't show. It is saved only when its content changes, so `version` says what staff have seen.
    """

    tenant_id: str
    adjustment_id: str
    reservation_id: str
    crm_order_id: str | None
    order_number: OrderNumber | None
    entered_at: datetime | None
    state: AdjustmentState = AdjustmentState.OPEN
    sequence: int
    changes: tuple[OrderChange, ...]
    in_crm: VisitAmounts
    wanted: VisitAmounts
    hidden_fields_hash: str
    opened_at: datetime
    changed_at: datetime
    resolution: Resolution | None = None

    @property
    def key(self) -> Key:
        """Sorted by the time of opening."""
        return adjustment_key(self.tenant_id, self.adjustment_id)

    @property
    def place(self) -> Place:
        """In the worklist of its state, oldest first."""
        return Place(adjustments_worklist(self.tenant_id, self.state), self.adjustment_id)

    @property
    def is_payment_of_cancelled_visit(self) -> bool:
        """Whether the visit was already cancelled and only the amount paid has changed."""
        payment_alone = [change.part for change in self.changes] == [OrderPart.PAYMENT]
        return payment_alone and self.in_crm.sub_total == self.wanted.sub_total == 0

    @property
    def to_pay_back(self) -> int:
        """How much the order in the CRM is too high, in minor units; below zero: too low."""
        return self.in_crm.total - self.wanted.total


def adjustment_key(tenant_id: str, adjustment_id: str) -> Key:
    """The key of an adjustment."""
    return Key(tenant_partition(tenant_id), f"{ADJUSTMENT_PREFIX}{adjustment_id}")


def is_adjustment_id(text: str) -> bool:
    """Whether a text has the form of an adjustment id."""
    return re.fullmatch(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{12}", text) is not None


def adjustments_worklist(tenant_id: str, state: AdjustmentState) -> str:
    """The tenant's adjustments of one state."""
    return f"{tenant_partition(tenant_id)}#adjustments#{state}"


def open_adjustment(record: ReservationRecord, now: datetime) -> Adjustment:
    """For a synced reservation that changed and has no open adjustment; `record` is as it will be saved."""
    order, basis = record.order, _basis(record)
    return Adjustment(
        tenant_id=record.tenant_id,
        adjustment_id=_id_of(record, now),
        reservation_id=record.reservation_id,
        crm_order_id=order.crm_order_id,
        order_number=order.sent.order_number if order.sent else None,
        entered_at=order.replaced_at or order.first_sent_at or order.synced_at,
        sequence=record.snapshot.sequence,
        changes=record.changes_after_sync,
        in_crm=VisitAmounts.of(basis.snapshot),
        wanted=VisitAmounts.of(record.snapshot),
        hidden_fields_hash=hidden_fields_hash(record.snapshot),
        opened_at=now,
        changed_at=now,
    )


def update_adjustment(adjustment: Adjustment, record: ReservationRecord, now: datetime) -> Adjustment:
    """After another change of its reservation; the same object if no part of the order changed."""
    if not record.changes_after_sync:
        closed = {"state": AdjustmentState.WITHDRAWN, "changed_at": now}
        return adjustment.model_copy(update=closed)
    wanted = VisitAmounts.of(record.snapshot)
    mark = hidden_fields_hash(record.snapshot)
    before = (adjustment.changes, adjustment.wanted, adjustment.hidden_fields_hash)
    if (record.changes_after_sync, wanted, mark) == before:
        return adjustment
    changes = {
        "sequence": record.snapshot.sequence,
        "changes": record.changes_after_sync,
        "wanted": wanted,
        "hidden_fields_hash": mark,
        "changed_at": now,
    }
    return adjustment.model_copy(update=changes)


def resolve_adjustment(adjustment: Adjustment, resolution: Resolution) -> Adjustment:
    """Staff have applied it in the CRM."""
    changes = {"state": AdjustmentState.RESOLVED, "resolution": resolution, "changed_at": resolution.at}
    return adjustment.model_copy(update=changes)


def _basis(record: ReservationRecord) -> OrderSource:
    if record.order.stands_for is None:
        raise ValueError("a reservation changed after sync must have the source of its order")
    return record.order.stands_for


def _id_of(record: ReservationRecord, now: datetime) -> str:
    """An id that sorts by time and is unique for each version of each reservation."""
    unique = sha256(f"{record.reservation_id} {record.version}".encode()).hexdigest()[:12]
    return f"{now:%Y%m%dT%H%M%S%fZ}-{unique}"
