"""The steps of an order on its way into the CRM: pure, from one reservation record to the next.

    pending --intent--> sending --done--> synced (final)
       ^                  |--not done--> pending
       |                  |--number exists, and nothing can be read--> review
       |                  |--refused--> rejected (after a fix: pending)
       |                  '--unknown, crash--> unknown --settled, read back--> synced | pending | review
       '------------------------ none found, less than three times ------------'

A record that is `sending` under an older fence than the reader's has lost its sender: it reads as `unknown`.
Every step is saved on the condition that the record's version is the one it was made from.
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
"""After so many sends of which a settled read found nothing, only a person can go on."""

ReviewDecision = Literal["it_is_there", "send_again"]
"""What staff decide about an order in `review`."""


def with_intent_to_send(
    record: ReservationRecord, order: Order, *, fence: int, run_id: str, now: datetime, settle: timedelta
) -> ReservationRecord:
    """About to be sent: saved before the call leaves, so that a lost call is never a forgotten one."""
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


def repeated(
    record: ReservationRecord, *, fence: int, run_id: str, now: datetime, settle: timedelta
) -> ReservationRecord:
    """About to send the very same order once more, to a CRM that refuses a number that it has.

    So whichever of the two is executed, it is this order; what has changed meanwhile becomes an adjustment.
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
    """Whether one more send is still ours to decide."""
    return record.order.attempts + 1 < FULL_ATTEMPTS


def was_sent_before(record: ReservationRecord) -> bool:
    """Whether the CRM may have it from a send earlier than that of the intent."""
    intent, first = record.order.intent, record.order.first_sent_at
    return intent is not None and first is not None and intent.sent_at != first


def done(record: ReservationRecord, crm_order_id: str | None, now: datetime) -> ReservationRecord:
    """The CRM has it: final."""
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
    """Certainly not executed: waits to be sent again, no attempt spent, nothing to settle.

    Of a repeated order the first send is as unknown as before.
    """
    if record.order.intent and record.order.intent.repeats:
        attempts = record.order.attempts - 1
        return _step(record, now, "not sent", state=OrderState.UNKNOWN, message=message, attempts=attempts)
    changes = {"state": OrderState.PENDING, "reason": "not_done", "message": message}
    return _step(record, now, "not sent", **changes, **_nothing_sent(record))


def refused(
    record: ReservationRecord, message: str | None, now: datetime, reason: str = "refused_by_crm"
) -> ReservationRecord:
    """Declined, and would be again: staff correct it, then it is sent again."""
    changes = {"state": OrderState.REJECTED, "reason": reason, "message": message}
    return _step(record, now, reason, **changes, **_nothing_sent(record))


def unknown(record: ReservationRecord, message: str | None, now: datetime) -> ReservationRecord:
    """May have been executed, or may still be: the intent stays, to be settled and read back."""
    return _step(record, now, "outcome unknown", state=OrderState.UNKNOWN, message=message)


def as_seen_by(record: ReservationRecord, fence: int) -> ReservationRecord:
    """The record as the holder of a lease must read it: an older fence's `sending` is `unknown`."""
    intent = record.order.intent
    if record.order.state is not OrderState.SENDING or intent is None or intent.fence >= fence:
        return record
    return record.model_copy(update={"order": record.order.model_copy(update={"state": OrderState.UNKNOWN})})


def settles_at(record: ReservationRecord) -> datetime | None:
    """When the outcome of what was sent can be read and believed; None if nothing is in the air."""
    in_the_air = record.order.state in {OrderState.SENDING, OrderState.UNKNOWN}
    return record.order.intent.settle_until if in_the_air and record.order.intent else None


def read_back(record: ReservationRecord, found: Sequence[FoundOrder], now: datetime) -> ReservationRecord:
    """Decide by what the CRM has under our number, once settled: one of ours, none, or a person's case.

    One of ours may be what was sent before the reservation changed: then that is the order that it has.
    """
    intent = record.order.intent
    if intent is None:
        return record
    sent = (intent.order, *(before.order for before in record.order.also_sent))
    ours = [order for order in found if any(is_ours(order, one) for one in sent)]
    if len(ours) == len(found) == 1:
        return done(matching_sent_order(record, partial(is_ours, ours[0])), ours[0].crm_order_id, now)
    if found:
        reason = "duplicates_found" if len(ours) == len(found) else "foreign_order_found"
        ids = ", ".join(order.crm_order_id for order in found)
        return review(record, reason, f"The CRM has under {intent.order.order_number}: {ids}", now)
    return _none_found(record, now)


def is_ours(found: FoundOrder, sent: Order) -> bool:
    """Whether what the CRM gives back is what we sent, by every field that it does give back."""
    pairs = (
        (found.order_number, sent.order_number),
        (found.email, sent.buyer.email),
        (found.total, sent.total),
        (found.pickup_date, sent.pickup_date),
    )
    return all(theirs is None or theirs == mine for theirs, mine in pairs)


def review(record: ReservationRecord, reason: str, message: str, now: datetime) -> ReservationRecord:
    """Only a person can go on; the intent stays, to say what was sent."""
    return _step(record, now, f"review: {reason}", state=OrderState.REVIEW, reason=reason, message=message)


def decide_review(
    record: ReservationRecord, choice: ReviewDecision, crm_order_id: str | None, now: datetime
) -> ReservationRecord:
    """A person looked into the CRM: the order is there, or it must be sent again."""
    if choice == "it_is_there":
        return done(record, crm_order_id or record.order.crm_order_id, now)
    return _step(record, now, "send again", **_not_there(record), attempts=0)


def _intent_of(record: ReservationRecord) -> Intent:
    if record.order.intent is None:
        raise ValueError("what was never meant to be sent can't be sent again")
    return record.order.intent


def _nothing_sent(record: ReservationRecord) -> dict[str, object]:
    """This send has left nothing to be read back; what an earlier one may have left stays as it was."""
    order, intent = record.order, record.order.intent
    if intent is None or intent.repeats:
        return {"intent": None, "sent": last_sent(order)}
    if intent.sent_at == order.first_sent_at:
        return {"intent": None, "sent": None, "stands_for": None, "first_sent_at": None}
    return {"intent": None, "stands_for": intent.stood_for or order.stands_for}


def _not_there(record: ReservationRecord) -> dict[str, object]:
    """Believed not to be in the CRM; what was sent is kept, for it may turn up there late."""
    return {"state": OrderState.PENDING, "intent": None, "sent": last_sent(record.order)}


def _none_found(record: ReservationRecord, now: datetime) -> ReservationRecord:
    attempts = record.order.attempts + 1
    if attempts < FULL_ATTEMPTS:
        return _step(record, now, "none found", **_not_there(record), attempts=attempts)
    counted = record.model_copy(update={"order": record.order.model_copy(update={"attempts": attempts})})
    text = f"Sent {attempts} times without an answer, and never found in the CRM."
    return review(counted, "never_found", text, now)


def _step(record: ReservationRecord, now: datetime, what: str, **changes: object) -> ReservationRecord:
    order = record.order.model_copy(update={"reason": None, "message": None, **changes})
    return record.with_history(now, what, order=order)
