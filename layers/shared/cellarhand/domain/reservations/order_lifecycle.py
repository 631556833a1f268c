"""The state machine of an order: pure functions from one reservation record to the next.

    pending --intent--> sending --done--> synced (final)
       ^                  |--not done--> pending
       |                  |--number exists, and the CRM can't be read--> review
       |                  |--refused--> rejected (after a fix: pending)
       |                  '--unknown, crash--> unknown --settled, read back--> synced | pending | review
       '------------------------ none found, fewer than three times -----------'

A record that is `sending` under an older fence than the reader's has lost its sender, so it reads as
`unknown`. Every step is saved on the condition that the record's version has not changed.

Why: docs/decisions.md#remember-every-order-that-was-sent,
docs/decisions.md#a-send-that-never-left-replaces-nothing,
docs/decisions.md#a-version-on-each-record-instead-of-a-lease
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from cellarhand.domain.orders.order import FoundOrder, Order

from .order_progress import Intent, OrderState, last_sent
from .reservation import ReservationRecord
from .sent_versions import also_sent_before, matching_sent_order

FULL_ATTEMPTS = 3
"""After so many sends that a settled read did not find, staff must decide."""

ReviewDecision = Literal["it_is_there", "send_again"]
"""What staff decide about an order in `review`."""


def with_intent_to_send(
    record: ReservationRecord, order: Order, *, fence: int, run_id: str, now: datetime, settle: timedelta
) -> ReservationRecord:
    """Add the intent to send. It is saved before the call is sent, so that a lost call is never forgotten."""
    until, stood_for = now + settle, record.order.stands_for
    intent = Intent(fence=fence, order=order, sent_at=now, settle_until=until, stood_for=stood_for)
    return _step(
        record,
        now,
        f"sending {order.order_number} under fence {fence}",
        state=OrderState.SENDING,
        number=order.order_number.number,
        prefix=order.order_number.prefix,
        intent=intent,
        also_sent=also_sent_before(record, order),
        stands_for=None,
        first_sent_at=record.order.first_sent_at or now,
        run_id=run_id,
    )


def with_intent_to_repeat(
    record: ReservationRecord, *, fence: int, run_id: str, now: datetime, settle: timedelta
) -> ReservationRecord:
    """Add the intent to send exactly the same order again, to a CRM that refuses a repeated number.

    So whichever send is executed, it creates this order; changes made meanwhile become an adjustment.
    """
    sent = _intent_of(record)
    intent = Intent(fence=fence, order=sent.order, sent_at=now, settle_until=now + settle, repeats=True)
    return _step(
        record,
        now,
        f"sending {sent.order.order_number} again under fence {fence}",
        state=OrderState.SENDING,
        intent=intent,
        attempts=record.order.attempts + 1,
        run_id=run_id,
    )


def may_be_repeated(record: ReservationRecord) -> bool:
    """Whether another send stays below the limit after which staff must decide."""
    return record.order.attempts + 1 < FULL_ATTEMPTS


def was_sent_before(record: ReservationRecord) -> bool:
    """Whether a send before that of the current intent may have created the order."""
    intent, first = record.order.intent, record.order.first_sent_at
    return intent is not None and first is not None and intent.sent_at != first


def done(record: ReservationRecord, crm_order_id: str | None, now: datetime) -> ReservationRecord:
    """Mark the order as synced, which is final: the CRM has it."""
    return _step(
        record,
        now,
        f"synced {crm_order_id}",
        state=OrderState.SYNCED,
        intent=None,
        crm_order_id=crm_order_id,
        sent=last_sent(record.order),
        synced_at=now,
    )


def not_done(record: ReservationRecord, message: str | None, now: datetime) -> ReservationRecord:
    """Certainly not executed: the order waits to be sent again; no attempt counts and nothing must settle.

    If the send was a repeat, the outcome of the first send is still unknown.
    """
    if record.order.intent and record.order.intent.repeats:
        attempts = record.order.attempts - 1
        return _step(record, now, "not sent", state=OrderState.UNKNOWN, message=message, attempts=attempts)
    changes = {"state": OrderState.PENDING, "reason": "not_done", "message": message}
    return _step(record, now, "not sent", **changes, **_undo_send(record))


def refused(
    record: ReservationRecord, message: str | None, now: datetime, reason: str = "refused_by_crm"
) -> ReservationRecord:
    """The CRM declined the order and would do so again: staff must correct it before the next send."""
    changes = {"state": OrderState.REJECTED, "reason": reason, "message": message}
    return _step(record, now, reason, **changes, **_undo_send(record))


def unknown(record: ReservationRecord, message: str | None, now: datetime) -> ReservationRecord:
    """The send may have been or may still be executed: the intent stays until it is settled and read back."""
    return _step(record, now, "outcome unknown", state=OrderState.UNKNOWN, message=message)


def as_seen_by(record: ReservationRecord, fence: int) -> ReservationRecord:
    """The record as the holder of this fence must read it: `sending` under an older fence is `unknown`."""
    intent = record.order.intent
    if record.order.state is not OrderState.SENDING or intent is None or intent.fence >= fence:
        return record
    return record.model_copy(update={"order": record.order.model_copy(update={"state": OrderState.UNKNOWN})})


def settles_at(record: ReservationRecord) -> datetime | None:
    """When a read-back of the send in flight can be relied on; None if nothing is in flight."""
    in_flight = record.order.state in {OrderState.SENDING, OrderState.UNKNOWN}
    return record.order.intent.settle_until if in_flight and record.order.intent else None


def read_back(record: ReservationRecord, found: Sequence[FoundOrder], now: datetime) -> ReservationRecord:
    """Decide, after the settle time, by the CRM's orders under our number: one of ours, none, or review.

    The order found may be one that was sent before the reservation changed; then the record points at it.
    """
    intent = record.order.intent
    if intent is None:
        return record
    sent = (intent.order, *(before.order for before in record.order.also_sent))
    ours = [order for order in found if any(is_ours(order, sent_order) for sent_order in sent)]
    if len(ours) == len(found) == 1:
        return done(matching_sent_order(record, partial(is_ours, ours[0])), ours[0].crm_order_id, now)
    if found:
        reason = "duplicates_found" if len(ours) == len(found) else "foreign_order_found"
        ids = ", ".join(order.crm_order_id for order in found)
        # The duplicate check writes the same text, and compares it so that it reports a finding once.
        return review(record, reason, f"The CRM has under {intent.order.order_number}: {ids}", now)
    return _none_found(record, now)


def is_ours(found: FoundOrder, sent: Order) -> bool:
    """Whether a found order is the one that we sent, compared by every field that the CRM returns."""
    pairs = (
        (found.order_number, sent.order_number),
        (found.email, sent.buyer.email),
        (found.total, sent.total),
        (found.pickup_date, sent.pickup_date),
    )
    return all(shown is None or shown == sent for shown, sent in pairs)


def review(record: ReservationRecord, reason: str, message: str, now: datetime) -> ReservationRecord:
    """Staff must decide. The intent stays, since it says what was sent."""
    return _step(record, now, f"review: {reason}", state=OrderState.REVIEW, reason=reason, message=message)


def decide_review(
    record: ReservationRecord, choice: ReviewDecision, crm_order_id: str | None, now: datetime
) -> ReservationRecord:
    """Apply what staff found in the CRM: the order is there, or it must be sent again."""
    if choice == "it_is_there":
        return done(record, crm_order_id or record.order.crm_order_id, now)
    return _step(record, now, "send again", **_back_to_pending(record), attempts=0)


def _intent_of(record: ReservationRecord) -> Intent:
    if record.order.intent is None:
        raise ValueError("an order without an intent can't be repeated")
    return record.order.intent


def _undo_send(record: ReservationRecord) -> dict[str, object]:
    """This send created nothing to read back; what an earlier send may have created is kept."""
    order, intent = record.order, record.order.intent
    if intent is None or intent.repeats:
        return {"intent": None, "sent": last_sent(order)}
    if intent.sent_at == order.first_sent_at:
        return {"intent": None, "sent": None, "stands_for": None, "first_sent_at": None}
    return {"intent": None, "stands_for": intent.stood_for or order.stands_for}


def _back_to_pending(record: ReservationRecord) -> dict[str, object]:
    """The CRM shows no order. What was sent is kept, since the order may still appear."""
    return {"state": OrderState.PENDING, "intent": None, "sent": last_sent(record.order)}


def _none_found(record: ReservationRecord, now: datetime) -> ReservationRecord:
    attempts = record.order.attempts + 1
    if attempts < FULL_ATTEMPTS:
        return _step(record, now, "none found", **_back_to_pending(record), attempts=attempts)
    counted = record.model_copy(update={"order": record.order.model_copy(update={"attempts": attempts})})
    text = f"Sent {attempts} times without an answer and never found in the CRM."
    return review(counted, "never_found", text, now)


def _step(record: ReservationRecord, now: datetime, what: str, **changes: object) -> ReservationRecord:
    order = record.order.model_copy(update={"reason": None, "message": None, **changes})
    return record.with_history(now, what, order=order)
