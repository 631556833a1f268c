"""One reservation's order, one step further: read back, judged, sent.

Any number of these may run at once, in any process: every save is on the condition that the record is the one
that was read, and what was sent is never sent again before it has settled and been read back.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from cellarhand.domain.errors import (
    CrmError,
    CrmLoginRefusedError,
    NotSupportedByCrmError,
    StaleRecordError,
)
from cellarhand.domain.order_sync.sync_run import OrderResult, SyncRun
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.eligibility import CUSTOMER_PENDING, TOO_EARLY, assess, with_eligibility
from cellarhand.domain.reservations.order_lifecycle import (
    as_seen_by,
    may_be_repeated,
    read_back,
    review,
    settles_at,
    unknown,
)
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Metrics
from cellarhand.ports.workers import Workers
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.update_record import retry_stale

from .batch import (
    Batch,
    OrderOutcome,
    failed_on_our_side,
    finished,
    result_of,
    unknown_reservation,
)
from .recheck_created_guest import RecheckCreatedGuest
from .send_order import SendOrder

LOOK_YOURSELF = "It may be in the CRM, which has no way to look for it: look there yourself."
GUEST_PAUSE = timedelta(seconds=30)
"""Given to the upsert of a guest, after its own next attempt is due, before its order is looked at again."""


class SyncOrder:
    """Safe to call from several threads."""

    def __init__(
        self, ledger: Records, clock: Clock, metrics: Metrics, timers: Timers, workers: Workers
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._timers = timers
        self._send = SendOrder(ledger, clock, metrics, timers, workers)
        self._second_look = RecheckCreatedGuest(ledger, clock, metrics, timers)

    def __call__(self, batch: Batch, reservation_id: str) -> OrderOutcome:
        """Raises `StorageUnavailableError`. What a CRM does wrong is part of the answer."""
        try:
            return retry_stale(lambda: self._step(batch, reservation_id))
        except StaleRecordError:
            return OrderOutcome(reservation_id, again_at=self._clock.now())
        except CrmLoginRefusedError:
            return OrderOutcome(reservation_id, again_at=self._clock.now(), login_refused=True)
        except OutOfTimeError:
            return OrderOutcome(reservation_id, again_at=self._clock.now(), out_of_time=True)
        except CrmError:
            return OrderOutcome(reservation_id, again_at=self._clock.now(), no_answer=True)

    def after_failure(self, run: SyncRun, reservation_id: str) -> OrderOutcome:
        """Our own code failed on it: what may have been sent waits to settle, the rest is told to staff."""
        record = self._if_readable(run, reservation_id)
        settles = settles_at(record) if record else None
        if settles is not None and settles > self._clock.now():
            return OrderOutcome(reservation_id, again_at=settles)
        self._metrics.count("Orders", outcome="internal_error")
        sent = result_of(record, run).sent if record else None
        told = failed_on_our_side(reservation_id, record)
        return finished(told.model_copy(update={"sent": sent}))

    def as_it_stands(self, run: SyncRun, reservation_id: str) -> OrderResult:
        """For a run that ends before its turn."""
        try:
            record = self._read(run, reservation_id)
        except ValueError:
            return failed_on_our_side(reservation_id, None)
        return result_of(record, run) if record else unknown_reservation(reservation_id)

    def _step(self, batch: Batch, reservation_id: str) -> OrderOutcome:
        record = self._read(batch.run, reservation_id)
        if record is None:
            return finished(unknown_reservation(reservation_id))
        if as_seen_by(record, batch.fence) is not record:
            record = self._ledger.save(unknown(record, "Its sender was lost.", self._clock.now()))
        settles = settles_at(record)
        if settles is not None:
            if self._clock.now() < settles:
                return OrderOutcome(reservation_id, again_at=settles)
            try:
                record = self._read_back(batch, record)
            except NotSupportedByCrmError:
                return self._without_reading(batch, record)
            return self._read_already(batch, record)
        if record.order.state in {OrderState.NOT_ELIGIBLE, OrderState.PENDING}:
            return self._judge(batch, record)
        return finished(result_of(record, batch.run))

    def _read_already(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Even if it left no time for the next send: at a slow CRM that is how it gets on."""
        if record.order.state is not OrderState.PENDING:
            return finished(result_of(record, batch.run))
        try:
            return replace(self._judge(batch, record), is_nearer=True)
        except OutOfTimeError:
            return self._nearer(record)

    def _read_back(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        """Learn what became of what was sent.

        Raises a `CrmError`: `NotSupportedByCrmError` where nothing can be learnt ever.
        """
        decided = self._decided(batch, record)
        order = decided.order.model_copy(update={"run_id": batch.run.run_id})
        found = decided.model_copy(update={"order": order})
        judged = batch.winery.judged(found) if order.state is OrderState.SYNCED else found
        saved = save_adjusted(self._ledger, judged, self._clock.now())
        outcome = "none_found" if order.state is OrderState.PENDING else order.state.value
        self._metrics.count("Orders", outcome=outcome)
        return saved

    def _decided(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        intent, now = record.order.intent, self._clock.now()
        if intent is None:
            raise ValueError("what was never meant to be sent can't be read back")
        skew = timedelta(seconds=self._timers.clock_skew)
        around = ((record.order.first_sent_at or intent.sent_at) - skew, now + skew)
        number, timeout = intent.order.order_number, self._timers.crm_write
        with batch.calls.call(timeout):
            found = batch.crm.find_orders(number, around=around, timeout=timeout)
        return read_back(record, found, now)

    def _without_reading(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Send it again if the CRM would refuse a second one, else leave it to a person."""
        is_wanted = assess(record, batch.winery.of(record.snapshot.event_id)).state is OrderState.PENDING
        refuses_repeats = batch.crm.capabilities().refuses_repeated_order_numbers
        if is_wanted and refuses_repeats and may_be_repeated(record):
            return self._send.again(batch, record)
        order = record.order.model_copy(update={"run_id": batch.run.run_id})
        unsure = record.model_copy(update={"order": order})
        saved = self._ledger.save(review(unsure, "outcome_unknown", LOOK_YOURSELF, self._clock.now()))
        self._metrics.count("Orders", outcome=saved.order.state)
        return finished(result_of(saved, batch.run))

    def _judge(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        until = batch.run.selection.visits_until
        basis = batch.winery.of(record.snapshot.event_id, batch.skus, until)
        verdict = assess(record, basis)
        if verdict.reason == CUSTOMER_PENDING and not batch.is_crowded:
            return self._wait_for_guest(record)
        if verdict.state is OrderState.PENDING and verdict.reason is None:
            return self._send_looked_at(batch, record)
        judged = record.model_copy(update={"order": with_eligibility(record, basis)})
        if judged != record and verdict.reason != TOO_EARLY:
            self._ledger.save(judged)
        return finished(result_of(judged, batch.run))

    def _send_looked_at(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """A look that left no time for the send is kept: at a slow CRM it would be taken for ever."""
        looked_at = self._second_look(batch, record)
        try:
            return self._send(batch, looked_at)
        except OutOfTimeError:
            if looked_at is record:
                raise
            return self._nearer(self._ledger.save(looked_at))

    def _nearer(self, record: ReservationRecord) -> OrderOutcome:
        now = self._clock.now()
        return OrderOutcome(record.reservation_id, again_at=now, out_of_time=True, is_nearer=True)

    def _wait_for_guest(self, record: ReservationRecord) -> OrderOutcome:
        now = self._clock.now()
        tried_again_at = record.customer.next_action_at or now
        return OrderOutcome(record.reservation_id, again_at=max(now, tried_again_at) + GUEST_PAUSE)

    def _if_readable(self, run: SyncRun, reservation_id: str) -> ReservationRecord | None:
        with suppress(ValueError):
            return self._read(run, reservation_id)
        return None

    def _read(self, run: SyncRun, reservation_id: str) -> ReservationRecord | None:
        return self._ledger.get(ReservationRecord, reservation_key(run.tenant_id, reservation_id))
