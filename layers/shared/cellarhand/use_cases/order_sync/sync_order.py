"""Take one reservation's order one step further: read it back, assess it, send it.

Any number of these may run in parallel, in any process: each save requires that the record is unchanged since
it was read, and an order is never sent again before its last send has settled and been read back.

Why: docs/decisions.md#repeat-the-same-order-where-the-crm-cant-be-searched,
#a-run-backs-off-only-for-failures
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
from cellarhand.domain.order_sync.run_results import OrderResult
from cellarhand.domain.order_sync.sync_run import SyncRun
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
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.update_record import retry_stale

from .batch import (
    Batch,
    OrderOutcome,
    finish,
    internal_error_result,
    not_found_result,
    result_of,
)
from .recheck_created_guest import RecheckCreatedGuest
from .send_order import SendOrder

CHECK_IN_CRM = "It may be in the CRM, which our code can't search: check there yourself."
GUEST_PAUSE = timedelta(seconds=30)
"""How long after the guest's next upsert attempt is due the order is tried again."""


class SyncOrder:
    """Safe to call from several threads."""

    def __init__(
        self,
        ledger: Records,
        send: SendOrder,
        recheck: RecheckCreatedGuest,
        clock: Clock,
        metrics: Metrics,
        timers: Timers,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._timers = timers
        self._send = send
        self._recheck_guest = recheck

    def __call__(self, batch: Batch, reservation_id: str) -> OrderOutcome:
        """Raises `StorageUnavailableError`. A failure of the CRM is part of the outcome."""
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
        """Our own code failed on it: a send in flight waits to settle, all else is reported to staff."""
        record = self._if_readable(run, reservation_id)
        settles = settles_at(record) if record else None
        if settles is not None and settles > self._clock.now():
            return OrderOutcome(reservation_id, again_at=settles)
        self._metrics.count("Orders", outcome="internal_error")
        sent = result_of(record, run).sent if record else None
        result = internal_error_result(reservation_id, record)
        return finish(result.model_copy(update={"sent": sent}))

    def current_result(self, run: SyncRun, reservation_id: str) -> OrderResult:
        """The result for a run that ends before it has finished the reservation."""
        try:
            record = self._read(run, reservation_id)
        except ValueError:
            return internal_error_result(reservation_id, None)
        return result_of(record, run) if record else not_found_result(reservation_id)

    def _step(self, batch: Batch, reservation_id: str) -> OrderOutcome:
        record = self._read(batch.run, reservation_id)
        if record is None:
            return finish(not_found_result(reservation_id))
        if as_seen_by(record, batch.fence) is not record:
            record = self._ledger.save(
                unknown(record, "The process that sent it stopped.", self._clock.now())
            )
        settles = settles_at(record)
        if settles is not None:
            if self._clock.now() < settles:
                return OrderOutcome(reservation_id, again_at=settles)
            try:
                record = self._read_back(batch, record)
            except NotSupportedByCrmError:
                return self._without_reading(batch, record)
            return self._after_read_back(batch, record)
        if record.order.state in {OrderState.NOT_ELIGIBLE, OrderState.PENDING}:
            return self._assess(batch, record)
        return finish(result_of(record, batch.run))

    def _after_read_back(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """A read is progress even if no time is left for the send: with a slow CRM a run advances only so."""
        if record.order.state is not OrderState.PENDING:
            return finish(result_of(record, batch.run))
        try:
            return replace(self._assess(batch, record), made_progress=True)
        except OutOfTimeError:
            return self._out_of_time(record)

    def _read_back(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        """Read the result of the last send from the CRM, and save it.

        Raises a `CrmError`: `NotSupportedByCrmError` where the CRM can never be searched.
        """
        decided = self._search_crm(batch, record)
        order = decided.order.model_copy(update={"run_id": batch.run.run_id})
        found = decided.model_copy(update={"order": order})
        assessed = batch.winery.reassess(found) if order.state is OrderState.SYNCED else found
        saved = save_adjusted(self._ledger, assessed, self._clock.now())
        outcome = "none_found" if order.state is OrderState.PENDING else order.state.value
        self._metrics.count("Orders", outcome=outcome)
        return saved

    def _search_crm(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        intent, now = record.order.intent, self._clock.now()
        if intent is None:
            raise ValueError("an order without an intent can't be read back")
        skew = timedelta(seconds=self._timers.clock_skew)
        around = ((record.order.first_sent_at or intent.sent_at) - skew, now + skew)
        number, timeout = intent.order.order_number, self._timers.crm_write
        with batch.calls.call(timeout):
            found = batch.crm.find_orders(number, around=around, timeout=timeout)
        return read_back(record, found, now)

    def _without_reading(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Send it again if the CRM refuses a second order of one number; else leave it to staff's review."""
        is_wanted = assess(record, batch.winery.of(record.snapshot.event_id)).state is OrderState.PENDING
        refuses_repeats = batch.crm.capabilities().refuses_repeated_order_numbers
        if is_wanted and refuses_repeats and may_be_repeated(record):
            return self._send.again(batch, record)
        order = record.order.model_copy(update={"run_id": batch.run.run_id})
        unsure = record.model_copy(update={"order": order})
        saved = self._ledger.save(review(unsure, "outcome_unknown", CHECK_IN_CRM, self._clock.now()))
        self._metrics.count("Orders", outcome=saved.order.state)
        return finish(result_of(saved, batch.run))

    def _assess(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        until = batch.run.selection.visits_until
        context = batch.winery.of(record.snapshot.event_id, batch.skus, until)
        verdict = assess(record, context)
        if verdict.reason == CUSTOMER_PENDING and not batch.is_crowded:
            return self._wait_for_guest(record)
        if verdict.state is OrderState.PENDING and verdict.reason is None:
            return self._recheck_and_send(batch, record)
        assessed = record.model_copy(update={"order": with_eligibility(record, context)})
        if assessed != record and verdict.reason != TOO_EARLY:
            self._ledger.save(assessed)
        return finish(result_of(assessed, batch.run))

    def _recheck_and_send(self, batch: Batch, record: ReservationRecord) -> OrderOutcome:
        """Save a recheck that leaves no time for the send: with a slow CRM it would be repeated for ever."""
        rechecked = self._recheck_guest(batch, record)
        try:
            return self._send(batch, rechecked)
        except OutOfTimeError:
            if rechecked is record:
                raise
            return self._out_of_time(self._ledger.save(rechecked))

    def _out_of_time(self, record: ReservationRecord) -> OrderOutcome:
        """There is no time left for the next call, but the last one made progress."""
        now = self._clock.now()
        return OrderOutcome(record.reservation_id, again_at=now, out_of_time=True, made_progress=True)

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
