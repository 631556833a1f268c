"""What a snapshot does to what is stored: the rules of `sequence`, and where its guest begins.

A snapshot replaces everything the engine said before. What staff corrected in a guest stands as long as the
engine repeats the guest that was corrected (a check-in must not undo a correction); another guest is decided
upon anew.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from cellarhand.domain.booking.guest import apply_correction, is_same_customer, shortcoming
from cellarhand.domain.booking.snapshot import Guest, Snapshot
from cellarhand.domain.errors import ConflictError
from cellarhand.domain.tenants.settings import Settings
from cellarhand.domain.tenants.tenant import Provider, TenantRecord

from .changes_after_sync import remembering
from .guest_progress import missing_data
from .order_progress import OrderProgress, OrderState
from .reservation import CustomerProgress, CustomerState, GuestCorrection, ReservationRecord

UPSERT_AT_ONCE = timedelta(seconds=30)
"""How long the function that keeps a snapshot has for its upsert before the sweeper takes it for dead."""

_IN_THE_CRM = frozenset({CustomerState.LINKED, CustomerState.CREATED})


class Change(StrEnum):
    """What a snapshot is to the stored one."""

    FIRST = "first"
    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


class Arrival(NamedTuple):
    """A snapshot, where it came in, and what decides how it is kept."""

    tenant: TenantRecord
    settings: Settings
    reservation_id: str
    snapshot: Snapshot


def change_of(stored: ReservationRecord | None, snapshot: Snapshot) -> Change:
    """Raises `ConflictError` (`sequence_reused`) for a known sequence with another body."""
    if stored is None:
        return Change.FIRST
    if snapshot.sequence != stored.snapshot.sequence:
        return Change.NEWER if snapshot.sequence > stored.snapshot.sequence else Change.OLDER
    if snapshot == engine_snapshot(stored):
        return Change.SAME
    raise ConflictError(
        f"Sequence {snapshot.sequence} was already used with another body; send a higher one.",
        code="sequence_reused",
    )


def engine_snapshot(record: ReservationRecord) -> Snapshot:
    """The newest snapshot as the engine sent it, without staff's correction."""
    if record.correction is None:
        return record.snapshot
    return record.snapshot.model_copy(update={"guest": record.correction.original_guest})


def kept(stored: ReservationRecord | None, arrival: Arrival, now: datetime) -> ReservationRecord:
    """The record that a first or newer snapshot makes; a guest to be upserted is `pending`, due shortly."""
    if stored is None:
        return _first(arrival, now)
    correction = stored.correction
    snapshot = arrival.snapshot
    if correction and correction.original_guest == snapshot.guest:
        snapshot = snapshot.model_copy(update={"guest": stored.snapshot.guest})
    else:
        correction = None
    return stored.with_history(
        now,
        f"snapshot {snapshot.sequence}, {snapshot.state}",
        snapshot=snapshot,
        correction=correction,
        received_at=now,
        order=remembering(stored),
        customer=_customer(stored, arrival._replace(snapshot=snapshot), now),
    )


def is_link_doubtful(record: ReservationRecord) -> bool:
    """Whether the CRM declined the order of a linked guest: staff there may have merged the customer away."""
    return record.order.state is OrderState.REJECTED and record.customer.state in _IN_THE_CRM


def with_correction(
    record: ReservationRecord, guest: Guest, key_id: str, arrival: Arrival, now: datetime
) -> ReservationRecord:
    """Staff corrected the guest, or (with nothing named) say that it is to be tried again."""
    right = apply_correction(record.snapshot.guest, guest)
    snapshot = record.snapshot.model_copy(update={"guest": right})
    customer = record.customer
    stands = customer.state in _IN_THE_CRM and not is_link_doubtful(record)
    if not (stands and is_same_customer(customer.customer_id, record.snapshot.guest, right)):
        customer = _begun(arrival._replace(snapshot=snapshot), now)
    if right == record.snapshot.guest:
        return record.with_history(now, "guest retried", customer=customer, order=remembering(record))
    correction = GuestCorrection(original_guest=engine_snapshot(record).guest, key_id=key_id, at=now)
    return record.with_history(
        now,
        "guest corrected",
        customer=customer,
        order=remembering(record),
        snapshot=snapshot,
        correction=correction,
    )


def _first(arrival: Arrival, now: datetime) -> ReservationRecord:
    record = ReservationRecord(
        tenant_id=arrival.tenant.tenant_id,
        reservation_id=arrival.reservation_id,
        snapshot=arrival.snapshot,
        received_at=now,
        customer=_begun(arrival, now),
        order=OrderProgress(state=OrderState.NOT_ELIGIBLE),
    )
    return record.with_history(now, f"snapshot {arrival.snapshot.sequence}, {arrival.snapshot.state}")


def _customer(stored: ReservationRecord, arrival: Arrival, now: datetime) -> CustomerProgress:
    before, was, guest = stored.customer, stored.snapshot.guest, arrival.snapshot.guest
    if before.state in _IN_THE_CRM and is_same_customer(before.customer_id, was, guest):
        return _read_again(arrival, before, now) if was != guest else before
    begun = _begun(arrival, now)
    if (
        before.state is CustomerState.NEEDS_ATTENTION
        and was == guest
        and begun.state is CustomerState.PENDING
    ):
        return before
    if before.state is CustomerState.PENDING and begun.state is CustomerState.PENDING:
        return begun.model_copy(update={"attempts": before.attempts})
    return begun


def _read_again(arrival: Arrival, before: CustomerProgress, now: datetime) -> CustomerProgress:
    """A linked guest who gave other data: looked at again only where empty fields are to be filled."""
    begun = _begun(arrival, now)
    if arrival.settings.existing_customer == "leave_alone" or begun.state is not CustomerState.PENDING:
        return before
    return begun.model_copy(update={"customer_id": before.customer_id})


def _begun(arrival: Arrival, now: datetime) -> CustomerProgress:
    if reason := _needs_no_customer(arrival):
        return CustomerProgress(state=CustomerState.SKIPPED, reason=reason)
    if found := shortcoming(arrival.snapshot.guest):
        return missing_data(found)
    return CustomerProgress(state=CustomerState.PENDING, next_action_at=now + UPSERT_AT_ONCE)


def _needs_no_customer(arrival: Arrival) -> str | None:
    if arrival.tenant.provider is Provider.NONE:
        return "no_crm"
    if arrival.snapshot.kind == "ticket_order":
        return "ticket_order"
    return "cancelled" if arrival.snapshot.state == "cancelled" else None
