"""Send one order: save the intent, call the CRM, save the outcome. No call outlives its invocation.

Why: docs/decisions.md#read-back-a-refusal-after-an-earlier-send,
#repeat-the-same-order-where-the-crm-cant-be-searched
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.order_sync.sent_span import SentEvidence
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.order_lifecycle import (
    done,
    not_done,
    refused,
    review,
    settles_at,
    unknown,
    was_sent_before,
    with_intent_to_repeat,
    with_intent_to_send,
)
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import Outcome, WriteResult
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Metrics
from cellarhand.use_cases.crm.rate_limited_calls import Permit
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.update_record import update_record

from .batch import Batch, OrderOutcome, finish, result_of
from .record_intent import OrderNumberTakenError, RecordIntent

NUMBER_EXISTS = (
    "The CRM already has an order with this number. Most likely it is ours, from a first send that got no "
    "answer. Check the CRM, and name the order."
)
OUT_OF_TIME = WriteResult(Outcome.NOT_DONE, message="There was not enough time left to send it.")


class SendOrder:
    """Safe to call from several threads."""

    def __init__(
        self, ledger: Records, intents: RecordIntent, clock: Clock, metrics: Metrics, timers: Timers
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._timers = timers
        self._intents = intents

    def __call__(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Send an eligible order, once the rate limit allows a call.

        Raises `StaleRecordError` and `OutOfTimeError` only before the intent is saved.
        """
        try:
            return self._send(batch, lambda: self._save_intent(batch, record))
        except OrderNumberTakenError as taken:
            rejected = refused(record, taken.message, self._clock.now(), reason=taken.code)
            return finish(result_of(self._ledger.save(rejected), batch.run))

    def again(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Send exactly the same order to a CRM that refuses numbers it already has. Raises as `__call__`."""
        return self._send(batch, lambda: self._ledger.save(self._with_repeat(batch, record)))

    def _send(self, batch: Batch, save_intent: Callable[[], ReservationRecord]) -> OrderOutcome:
        with batch.calls.permit(self._timers.crm_write) as permit:
            sending = save_intent()
            written = self._call_crm(permit, batch, sending)
        saved = self._save_outcome(batch, sending, written)
        in_review = saved.order.state is OrderState.REVIEW
        self._metrics.count("Orders", outcome="review" if in_review else _METRIC[written.outcome])
        return self._outcome(batch, sending, saved, written)

    def _with_repeat(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        return with_intent_to_repeat(
            record,
            fence=batch.fence,
            run_id=batch.run.run_id,
            now=self._clock.now(),
            settle=self._settle(batch),
        )

    def _settle(self, batch: Batch) -> timedelta:
        return batch.winery.tenant.timers(self._timers).settle

    def _save_intent(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        now = self._clock.now()

        def with_intent(number: int) -> ReservationRecord:
            order = batch.winery.order(record, number, now)
            return with_intent_to_send(
                record,
                order,
                fence=batch.fence,
                run_id=batch.run.run_id,
                now=now,
                settle=self._settle(batch),
            )

        return self._intents.save(record, with_intent)

    def _call_crm(self, permit: Permit, batch: Batch, sending: ReservationRecord) -> WriteResult:
        if sending.order.intent is None:
            raise ValueError("an order is sent only after its intent was saved")
        try:
            with permit.use():
                return batch.crm.create_order(sending.order.intent.order, timeout=self._timers.crm_write)
        except OutOfTimeError:
            return OUT_OF_TIME

    def _save_outcome(
        self, batch: Batch, sending: ReservationRecord, written: WriteResult
    ) -> ReservationRecord:
        """Save the outcome in the current record, whatever has changed there, if its intent is still ours."""

        def with_outcome(record: ReservationRecord) -> ReservationRecord:
            if record.order.intent != sending.order.intent:
                return record
            after = _with_outcome(batch, record, written, self._clock.now())
            return batch.winery.reassess(after) if _has_changed(record, sending) else after

        try:
            return update_record(
                lambda: self._ledger.get(ReservationRecord, sending.key) or sending,
                with_outcome,
                lambda record: save_adjusted(self._ledger, record, self._clock.now()),
                first=sending,
            )
        except StaleRecordError:
            return sending

    def _outcome(
        self, batch: Batch, sending: ReservationRecord, record: ReservationRecord, written: WriteResult
    ) -> OrderOutcome:
        reservation_id, now = record.reservation_id, self._clock.now()
        if written.login_refused:
            return OrderOutcome(reservation_id, again_at=now, login_refused=True)
        out_of_time = written is OUT_OF_TIME
        no_answer = written.outcome in {Outcome.NOT_DONE, Outcome.UNKNOWN} and not out_of_time
        settles = settles_at(record)
        if settles is not None or record.order.state is OrderState.PENDING:
            return OrderOutcome(
                reservation_id, again_at=settles or now, no_answer=no_answer, out_of_time=out_of_time
            )
        result = result_of(record, batch.run)
        if written.outcome is Outcome.REFUSED and result.sent is None:
            result = result.model_copy(update={"sent": _evidence_of_refused(sending)})
        return finish(result)


_METRIC = {
    Outcome.DONE: "synced",
    Outcome.NOT_DONE: "not_done",
    Outcome.REFUSED: "rejected",
    Outcome.UNKNOWN: "unknown",
}


def _with_outcome(
    batch: Batch, record: ReservationRecord, written: WriteResult, now: datetime
) -> ReservationRecord:
    match written.outcome:
        case Outcome.DONE:
            return done(record, written.id, now)
        case Outcome.NOT_DONE:
            return not_done(record, written.message, now)
        case Outcome.REFUSED if not _may_be_a_repeat(batch, record):
            return refused(record, written.message, now)
        case Outcome.REFUSED if written.number_exists and record.order.intent and record.order.intent.repeats:
            return review(record, "number_exists", NUMBER_EXISTS, now)
        case _:
            return unknown(record, written.message, now)


def _has_changed(record: ReservationRecord, sending: ReservationRecord) -> bool:
    """Whether the reservation has changed since what was sent: during the call, or before a repeat."""
    changed = (record.snapshot, record.excluded) != (sending.snapshot, sending.excluded)
    return changed or record.order.stands_for is not None


def _may_be_a_repeat(batch: Batch, record: ReservationRecord) -> bool:
    """Whether a refusal may only mean that an earlier send was executed: then the order is read back first.

    This includes an order that staff have sent again, whose attempts count from 0.
    """
    return was_sent_before(record) and batch.crm.capabilities().refuses_repeated_order_numbers


def _evidence_of_refused(sending: ReservationRecord) -> SentEvidence | None:
    """A refusal may hide an order that was executed, so the duplicate check includes refused orders."""
    intent, first = sending.order.intent, sending.order.first_sent_at
    if intent is None or first is None:
        return None
    visit = sending.snapshot.visit_date
    return SentEvidence(first_sent_at=first, confirmed_at=intent.sent_at, visit_date=visit)
