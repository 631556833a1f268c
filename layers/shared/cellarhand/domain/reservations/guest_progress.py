"""The state machine of a guest's upsert: pure functions from one reservation record to the next.

pending --found--> linked        pending --created--> created
   |  ^--temporary failure, parked-- (waits until `next_action_at`)
   '--data missing or declined--> needs_attention --retry by staff, or another guest--> pending

Why: docs/decisions.md#search-again-for-a-guest-we-created
"""

from datetime import datetime, timedelta

from cellarhand.domain.booking.guest import Shortcoming
from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError
from cellarhand.domain.reliability.backoff import HOURLY, add_jitter, retry_delay

from .reservation import CustomerProgress, CustomerState, ReservationRecord

CRM_UNAVAILABLE = CrmUnavailableError.code
LOGIN_REFUSED = CrmLoginRefusedError.code
LOGIN_MISSING = "crm_login_missing"
NO_TIME_LEFT = "no_time_left"
OUTCOME_UNKNOWN = "outcome_unknown"
CREATED_ELSEWHERE = "creation_under_way"
CUSTOMER_UNKNOWN = "customer_unknown"
REFUSED_BY_CRM = "refused_by_crm"

_UNTIL_STAFF_ACT = frozenset({LOGIN_REFUSED, LOGIN_MISSING})


def linked(
    record: ReservationRecord,
    customer_id: str,
    now: datetime,
    *,
    duplicates: int = 0,
    reason: str | None = None,
    message: str | None = None,
) -> ReservationRecord:
    """Link the guest to an existing customer. `reason` says why empty fields could not be filled, if so."""
    progress = CustomerProgress(
        state=CustomerState.LINKED,
        customer_id=customer_id,
        duplicates=duplicates,
        reason=reason,
        message=message,
    )
    return record.with_history(now, f"guest linked to {customer_id}", customer=progress)


def customer_created(
    record: ReservationRecord, customer_id: str, now: datetime, visible_at: datetime | None
) -> ReservationRecord:
    """Record the created customer. From `visible_at` on the CRM shows whether there is a duplicate."""
    progress = CustomerProgress(
        state=CustomerState.CREATED, customer_id=customer_id, second_look_at=visible_at
    )
    return record.with_history(now, f"guest created as {customer_id}", customer=progress)


def is_recheck_due(record: ReservationRecord, now: datetime) -> bool:
    """Whether we created the guest and a search for duplicates is due."""
    look_at = record.customer.second_look_at
    return look_at is not None and look_at <= now


def looked_at(record: ReservationRecord, others: int) -> ReservationRecord:
    """Record how many `others` with the same e-mail the CRM has; the guest stays linked to our customer."""
    changes = {"second_look_at": None, "duplicates": others}
    return record.model_copy(update={"customer": record.customer.model_copy(update=changes)})


def postponed(
    record: ReservationRecord, reason: str, now: datetime, jitter: float, message: str | None = None
) -> ReservationRecord:
    """Retry later after a temporary failure: backs off each time; waits an hour if only staff can fix it."""
    attempts = record.customer.attempts + 1
    pause = add_jitter(HOURLY, jitter) if reason in _UNTIL_STAFF_ACT else retry_delay(attempts, jitter)
    return _waiting(record, reason, now, pause, attempts=attempts, message=message)


def parked(
    record: ReservationRecord, reason: str, now: datetime, until: datetime, message: str | None = None
) -> ReservationRecord:
    """Wait until a known time for something that ends by itself; doesn't count as an attempt."""
    attempts = record.customer.attempts
    return _waiting(record, reason, now, until - now, attempts=attempts, message=message)


def needs_attention(
    record: ReservationRecord, reason: str, now: datetime, *, field: str | None = None, message: str | None
) -> ReservationRecord:
    """Stop: only staff can continue; nothing is retried until then."""
    progress = CustomerProgress(
        state=CustomerState.NEEDS_ATTENTION,
        reason=reason,
        field=field,
        message=message,
        attempts=record.customer.attempts,
    )
    return record.with_history(now, f"guest needs attention: {reason}", customer=progress)


def missing_data(found: Shortcoming) -> CustomerProgress:
    """The progress of a guest whose data is missing or invalid."""
    return CustomerProgress(
        state=CustomerState.NEEDS_ATTENTION, reason=found.reason, field=found.field, message=found.message
    )


def is_due(record: ReservationRecord, now: datetime) -> bool:
    """Whether the guest's upsert is pending and due."""
    due = record.customer.next_action_at
    return record.customer.state is CustomerState.PENDING and due is not None and due <= now


def awaits_login(record: ReservationRecord) -> bool:
    """Whether the guest waits until staff repair the winery's login."""
    return record.customer.state is CustomerState.PENDING and record.customer.reason in _UNTIL_STAFF_ACT


def due_now(record: ReservationRecord, now: datetime) -> ReservationRecord:
    """Make the upsert due at once, since the login was repaired."""
    changes = {"reason": None, "message": None, "next_action_at": now}
    return record.with_history(now, "login repaired", customer=record.customer.model_copy(update=changes))


def _waiting(
    record: ReservationRecord,
    reason: str,
    now: datetime,
    pause: timedelta,
    *,
    attempts: int,
    message: str | None = None,
) -> ReservationRecord:
    progress = CustomerProgress(
        state=CustomerState.PENDING,
        customer_id=record.customer.customer_id,
        reason=reason,
        message=message,
        attempts=attempts,
        next_action_at=now + pause,
    )
    if reason == record.customer.reason:
        return record.model_copy(update={"customer": progress})
    return record.with_history(now, f"guest pending: {reason}", customer=progress)
