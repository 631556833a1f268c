"""The steps of a guest on the way into the CRM: pure, from one reservation record to the next.

pending --found--> linked        pending --created--> created
   |  ^--passing failure, parked-- (waits until `next_action_at`)
   '--data missing or declined--> needs_attention --retry by staff, or another guest--> pending
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
    """The CRM had the guest already. `reason`: the fields that could not be filled in there, if any."""
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
    """We created the guest in the CRM; from `visible_at` on it shows whether somebody else did so too."""
    progress = CustomerProgress(
        state=CustomerState.CREATED, customer_id=customer_id, second_look_at=visible_at
    )
    return record.with_history(now, f"guest created as {customer_id}", customer=progress)


def is_recheck_due(record: ReservationRecord, now: datetime) -> bool:
    """Whether we created the guest, and nobody has looked yet who else did."""
    look_at = record.customer.second_look_at
    return look_at is not None and look_at <= now


def looked_at(record: ReservationRecord, others: int) -> ReservationRecord:
    """So many customers of the same e-mail stand in the CRM beside ours, which is kept."""
    changes = {"second_look_at": None, "duplicates": others}
    return record.model_copy(update={"customer": record.customer.model_copy(update=changes)})


def postponed(
    record: ReservationRecord, reason: str, now: datetime, jitter: float, message: str | None = None
) -> ReservationRecord:
    """Failed for a passing reason: waits longer each time, and an hour where only staff can end it."""
    attempts = record.customer.attempts + 1
    pause = add_jitter(HOURLY, jitter) if reason in _UNTIL_STAFF_ACT else retry_delay(attempts, jitter)
    return _waiting(record, reason, now, pause, attempts=attempts, message=message)


def parked(
    record: ReservationRecord, reason: str, now: datetime, until: datetime, message: str | None = None
) -> ReservationRecord:
    """Waits for something that ends by itself at a known time; no attempt is spent."""
    attempts = record.customer.attempts
    return _waiting(record, reason, now, until - now, attempts=attempts, message=message)


def needs_attention(
    record: ReservationRecord, reason: str, now: datetime, *, field: str | None = None, message: str | None
) -> ReservationRecord:
    """Only a person can go on; nothing is tried until then."""
    progress = CustomerProgress(
        state=CustomerState.NEEDS_ATTENTION,
        reason=reason,
        field=field,
        message=message,
        attempts=record.customer.attempts,
    )
    return record.with_history(now, f"guest needs attention: {reason}", customer=progress)


def missing_data(found: Shortcoming) -> CustomerProgress:
    """The progress of a guest whose data lacks something."""
    return CustomerProgress(
        state=CustomerState.NEEDS_ATTENTION, reason=found.reason, field=found.field, message=found.message
    )


def is_due(record: ReservationRecord, now: datetime) -> bool:
    """Whether the guest's upsert waits for nothing but somebody to do it."""
    due = record.customer.next_action_at
    return record.customer.state is CustomerState.PENDING and due is not None and due <= now


def awaits_login(record: ReservationRecord) -> bool:
    """Whether the guest waits for a person to mend the winery's login."""
    return record.customer.state is CustomerState.PENDING and record.customer.reason in _UNTIL_STAFF_ACT


def due_now(record: ReservationRecord, now: datetime) -> ReservationRecord:
    """Due at once, since the login was mended."""
    changes = {"reason": None, "message": None, "next_action_at": now}
    return record.with_history(now, "login mended", customer=record.customer.model_copy(update=changes))


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
