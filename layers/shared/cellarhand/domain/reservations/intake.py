"""Apply a snapshot to the stored reservation: the rules of `sequence`, and the guest's first state.

A snapshot replaces everything that the engine sent before. A correction by staff stays in force while the
engine repeats the guest that was corrected (a check-in must not undo it); another guest starts again.

Why: docs/decisions.md#a-corrected-guest-stays-until-the-guest-changes,
docs/decisions.md#a-declined-order-invalidates-the-guests-link,
docs/decisions.md#skip-guests-of-a-winery-without-a-crm
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from cellarhand.domain.booking.guest import apply_correction, is_same_customer, shortcoming
from cellarhand.domain.booking.snapshot import Guest, Snapshot
from cellarhand.domain.errors import ConflictError
from cellarhand.domain.tenants.settings import Settings
from cellarhand.domain.tenants.tenant import Provider, TenantRecord

from .changes_after_sync import keep_order_source
from .guest_progress import missing_data
from .order_progress import OrderProgress, OrderState
from .reservation import CustomerProgress, CustomerState, GuestCorrection, ReservationRecord

UPSERT_AT_ONCE = timedelta(seconds=30)
"""How long the intake function may take for its upsert before the sweeper retries it."""

_IN_THE_CRM = frozenset({CustomerState.LINKED, CustomerState.CREATED})


class Change(StrEnum):
    """How a snapshot relates to the stored one."""

    FIRST = "first"
    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


class Arrival(NamedTuple):
    """A received snapshot with its tenant and settings."""

    tenant: TenantRecord
    settings: Settings
    reservation_id: str
    snapshot: Snapshot


def change_of(stored: ReservationRecord | None, snapshot: Snapshot) -> Change:
    """Compare with the stored snapshot.

    Raises `ConflictError` (`sequence_reused`) if the same sequence has another body.
    """
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
    """The newest snapshot as the engine sent it, without the correction by staff."""
    if record.correction is None:
        return record.snapshot
    return record.snapshot.model_copy(update={"guest": record.correction.original_guest})


def apply_snapshot(stored: ReservationRecord | None, arrival: Arrival, now: datetime) -> ReservationRecord:
    """Build the record for a first or newer snapshot. A guest to be upserted is `pending` and due shortly."""
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
        order=keep_order_source(stored),
        customer=_next_progress(stored, arrival._replace(snapshot=snapshot), now),
    )


def is_link_doubtful(record: ReservationRecord) -> bool:
    """Whether the CRM declined a linked guest's order: staff may have merged the customer in the CRM."""
    return record.order.state is OrderState.REJECTED and record.customer.state in _IN_THE_CRM


def with_correction(
    record: ReservationRecord, guest: Guest, key_id: str, arrival: Arrival, now: datetime
) -> ReservationRecord:
    """Apply a correction by staff; without any field set, only retry the guest."""
    corrected = apply_correction(record.snapshot.guest, guest)
    snapshot = record.snapshot.model_copy(update={"guest": corrected})
    customer = record.customer
    is_linked = customer.state in _IN_THE_CRM and not is_link_doubtful(record)
    if not (is_linked and is_same_customer(customer.customer_id, record.snapshot.guest, corrected)):
        customer = _first_progress(arrival._replace(snapshot=snapshot), now)
    if corrected == record.snapshot.guest:
        return record.with_history(now, "guest retried", customer=customer, order=keep_order_source(record))
    correction = GuestCorrection(original_guest=engine_snapshot(record).guest, key_id=key_id, at=now)
    return record.with_history(
        now,
        "guest corrected",
        customer=customer,
        order=keep_order_source(record),
        snapshot=snapshot,
        correction=correction,
    )


def _first(arrival: Arrival, now: datetime) -> ReservationRecord:
    record = ReservationRecord(
        tenant_id=arrival.tenant.tenant_id,
        reservation_id=arrival.reservation_id,
        snapshot=arrival.snapshot,
        received_at=now,
        customer=_first_progress(arrival, now),
        order=OrderProgress(state=OrderState.NOT_ELIGIBLE),
    )
    return record.with_history(now, f"snapshot {arrival.snapshot.sequence}, {arrival.snapshot.state}")


def _next_progress(stored: ReservationRecord, arrival: Arrival, now: datetime) -> CustomerProgress:
    before, guest_before, guest = stored.customer, stored.snapshot.guest, arrival.snapshot.guest
    if before.state in _IN_THE_CRM and is_same_customer(before.customer_id, guest_before, guest):
        return _fill_again(arrival, before, now) if guest_before != guest else before
    first = _first_progress(arrival, now)
    if (
        before.state is CustomerState.NEEDS_ATTENTION
        and guest_before == guest
        and first.state is CustomerState.PENDING
    ):
        return before
    if before.state is CustomerState.PENDING and first.state is CustomerState.PENDING:
        return first.model_copy(update={"attempts": before.attempts})
    return first


def _fill_again(arrival: Arrival, before: CustomerProgress, now: datetime) -> CustomerProgress:
    """A linked guest whose data changed: upserted again only if empty fields are to be filled."""
    first = _first_progress(arrival, now)
    if arrival.settings.existing_customer == "leave_alone" or first.state is not CustomerState.PENDING:
        return before
    return first.model_copy(update={"customer_id": before.customer_id})


def _first_progress(arrival: Arrival, now: datetime) -> CustomerProgress:
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
