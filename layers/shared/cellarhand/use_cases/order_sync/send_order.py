"""Sending one order: intent first, then the call, then how it ended. No call outlives its invocation."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.order_sync.sent_span import SentEvidence
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.order_lifecycle import (
    done,
    not_done,
    refused,
    repeated,
    review,
    settles_at,
    unknown,
    was_sent_before,
    with_intent_to_send,
)
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import Outcome, WriteResult
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Metrics
from cellarhand.ports.workers import Workers
from cellarhand.use_cases.crm.rate_limited_calls import Permit
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.update_record import update_record

from .batch import Batch, OrderOutcome, finished, result_of
from .record_intent import OrderNumberTakenError, RecordIntent

NUMBER_EXISTS = (
    "The CRM has an order of this number, most likely ours: it gave no answer when it was sent first. "
    "Look there, and name the order."
)
OUT_OF_TIME = WriteResult(Outcome.NOT_DONE, message="There was not enough time left to send it.")


class SendOrder:
    """Safe to call from several threads."""

    def __init__(
        self, ledger: Records, clock: Clock, metrics: Metrics, timers: Timers, workers: Workers
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._timers = timers
        self._intents = RecordIntent(ledger, workers)

    def __call__(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Send an eligible order, once the pace allows it.

        Raises `StaleRecordError` and `OutOfTimeError` before the intent is kept, never after it.
        """
        try:
            return self._sent(batch, lambda: self._intend(batch, record))
        except OrderNumberTakenError as taken:
            rejected = refused(record, taken.message, self._clock.now(), reason=taken.code)
            return finished(result_of(self._ledger.save(rejected), batch.run))

    def again(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """The very same order, for a CRM that refuses a number that it has. Raises as above."""
        return self._sent(batch, lambda: self._ledger.save(self._repeated(batch, record)))

    def _sent(self, batch: Batch, intend: Callable[[], ReservationRecord]) -> OrderOutcome:
        with batch.calls.permit(self._timers.crm_write) as call:
            sending = intend()
            ended = self._make(call, batch, sending)
        kept = self._keep(batch, sending, ended)
        for_staff = kept.order.state is OrderState.REVIEW
        self._metrics.count("Orders", outcome="review" if for_staff else _METRIC[ended.outcome])
        return self._handled(batch, sending, kept, ended)

    def _repeated(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        return repeated(
            record,
            fence=batch.fence,
            run_id=batch.run.run_id,
            now=self._clock.now(),
            settle=self._settle(batch),
        )

    def _settle(self, batch: Batch) -> timedelta:
        return batch.winery.tenant.timers(self._timers).settle

    def _intend(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
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

        return self._intents.keep(record, with_intent)

    def _make(self, call: Permit, batch: Batch, sending: ReservationRecord) -> WriteResult:
        if sending.order.intent is None:
            raise ValueError("an order leaves only after its intent was kept")
        try:
            with call.use():
                return batch.crm.create_order(sending.order.intent.order, timeout=self._timers.crm_write)
        except OutOfTimeError:
            return OUT_OF_TIME

    def _keep(self, batch: Batch, sending: ReservationRecord, ended: WriteResult) -> ReservationRecord:
        """Write the end down on whatever the record has become, as long as the intent on it is ours."""

        def ended_on(record: ReservationRecord) -> ReservationRecord:
            if record.order.intent != sending.order.intent:
                return record
            after = _after(batch, record, ended, self._clock.now())
            return batch.winery.judged(after) if _is_another(record, sending) else after

        try:
            return update_record(
                lambda: self._ledger.get(ReservationRecord, sending.key) or sending,
                ended_on,
                lambda record: save_adjusted(self._ledger, record, self._clock.now()),
                first=sending,
            )
        except StaleRecordError:
            return sending

    def _handled(
        self, batch: Batch, sending: ReservationRecord, record: ReservationRecord, ended: WriteResult
    ) -> OrderOutcome:
        id_, now = record.reservation_id, self._clock.now()
        if ended.login_refused:
            return OrderOutcome(id_, again_at=now, login_refused=True)
        out_of_time = ended is OUT_OF_TIME
        no_answer = ended.outcome in {Outcome.NOT_DONE, Outcome.UNKNOWN} and not out_of_time
        settles = settles_at(record)
        if settles is not None or record.order.state is OrderState.PENDING:
            return OrderOutcome(id_, again_at=settles or now, no_answer=no_answer, out_of_time=out_of_time)
        result = result_of(record, batch.run)
        if ended.outcome is Outcome.REFUSED and result.sent is None:
            result = result.model_copy(update={"sent": _told(sending)})
        return finished(result)


_METRIC = {
    Outcome.DONE: "synced",
    Outcome.NOT_DONE: "not_done",
    Outcome.REFUSED: "rejected",
    Outcome.UNKNOWN: "unknown",
}


def _after(batch: Batch, record: ReservationRecord, ended: WriteResult, now: datetime) -> ReservationRecord:
    match ended.outcome:
        case Outcome.DONE:
            return done(record, ended.id, now)
        case Outcome.NOT_DONE:
            return not_done(record, ended.message, now)
        case Outcome.REFUSED if not _may_be_a_repeat(batch, record):
            return refused(record, ended.message, now)
        case Outcome.REFUSED if ended.number_exists and record.order.intent and record.order.intent.repeats:
            return review(record, "number_exists", NUMBER_EXISTS, now)
        case _:
            return unknown(record, ended.message, now)


def _is_another(record: ReservationRecord, sending: ReservationRecord) -> bool:
    """Whether it is not what was sent: changed during the call, or before an order was repeated."""
    changed = (record.snapshot, record.excluded) != (sending.snapshot, sending.excluded)
    return changed or record.order.stands_for is not None


def _may_be_a_repeat(batch: Batch, record: ReservationRecord) -> bool:
    """Whether a refusal may only mean that an earlier send did arrive: then it is read back first.

    Also one that staff have sent again, and whose attempts count from 0.
    """
    return was_sent_before(record) and batch.crm.capabilities().refuses_repeated_order_numbers


def _told(sending: ReservationRecord) -> SentEvidence | None:
    """A refusal may hide an order that was executed: so this one, too, is looked at a day later."""
    intent, first = sending.order.intent, sending.order.first_sent_at
    if intent is None or first is None:
        return None
    visit = sending.snapshot.visit_date
    return SentEvidence(first_sent_at=first, confirmed_at=intent.sent_at, visit_date=visit)
