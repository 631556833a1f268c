"""An adjustment: what staff must carry over by hand into an order that the CRM has already.

open --changed back--> withdrawn        open --done, says staff--> resolved
 | ^--another change updates it

At most one is open for a reservation, and what it names is always the whole difference: from the order as it
was sent or, once one was resolved, from what staff have carried over. Closed ones stay as history.
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
    """The reservation is again what the order says: nothing is left to do."""


class VisitAmounts(FrozenModel):
    """The money of an order, in minor units; `sub_total` is net of discounts, `total` what was paid."""

    sub_total: int
    taxes: int
    total: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> "VisitAmounts":
        """Of the order that a snapshot asks for; of a cancelled visit only what was paid is left."""
        if snapshot.state == "cancelled":
            return cls(sub_total=0, taxes=0, total=snapshot.paid)
        return cls(sub_total=snapshot.total - snapshot.tax, taxes=snapshot.tax, total=snapshot.paid)


class Resolution(FrozenModel):
    """Who said that the CRM's order is right again, and what they noted.

    `remedy`: what was advised then; absent where it was not kept yet.
    """

    by: str
    at: datetime
    note: str
    remedy: Remedy | None = None


class Adjustment(Record):
    """`in_crm` is what the order there stands for, `wanted` what it should; `sequence` the snapshot's.

    `entered_at`: when the order was entered there, at the earliest. `hidden_fields_hash`: of what `changes`
    hide. It is saved only when what it says changes, so `version` says what staff have seen of it.
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
        """In the order in which they were opened."""
        return adjustment_key(self.tenant_id, self.adjustment_id)

    @property
    def place(self) -> Place:
        """By its state, oldest first."""
        return Place(adjustments_worklist(self.tenant_id, self.state), self.adjustment_id)

    @property
    def is_over(self) -> bool:
        """Whether of a visit that was cancelled before only what was paid is another."""
        payment_alone = [change.part for change in self.changes] == [OrderPart.PAYMENT]
        return payment_alone and self.in_crm.sub_total == self.wanted.sub_total == 0

    @property
    def to_pay_back(self) -> int:
        """What the CRM's order shows too much, in minor units; below zero: too little."""
        return self.in_crm.total - self.wanted.total


def adjustment_key(tenant_id: str, adjustment_id: str) -> Key:
    """Where an adjustment lives."""
    return Key(tenant_partition(tenant_id), f"{ADJUSTMENT_PREFIX}{adjustment_id}")


def is_adjustment_id(text: str) -> bool:
    """Whether it may be one of ours."""
    return re.fullmatch(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{12}", text) is not None


def adjustments_worklist(tenant_id: str, state: AdjustmentState) -> str:
    """The tenant's adjustments of one state."""
    return f"{tenant_partition(tenant_id)}#adjustments#{state}"


def opened(record: ReservationRecord, now: datetime) -> Adjustment:
    """A change of a synced reservation for which none is open; `record` as it will be saved."""
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


def updated(adjustment: Adjustment, record: ReservationRecord, now: datetime) -> Adjustment:
    """After one more change of its reservation; itself, if that changed nothing of the order."""
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


def resolved(adjustment: Adjustment, resolution: Resolution) -> Adjustment:
    """Staff have carried it over."""
    changes = {"state": AdjustmentState.RESOLVED, "resolution": resolution, "changed_at": resolution.at}
    return adjustment.model_copy(update=changes)


def _basis(record: ReservationRecord) -> OrderSource:
    if record.order.stands_for is None:
        raise ValueError("a change after sync has a basis that it is a change of")
    return record.order.stands_for


def _id_of(record: ReservationRecord, now: datetime) -> str:
    """Sorts by time; no other reservation, and no other version of this one, can have the same."""
    unique = sha256(f"{record.reservation_id} {record.version}".encode()).hexdigest()[:12]
    return f"{now:%Y%m%dT%H%M%S%fZ}-{unique}"
