"""Run one batch of a sync run: process as many reservations as possible before the deadline.

A new order starts as soon as another ends, so none waits for the slowest one. Reads, assessments and saves
run in extra threads beside the calls (`THREADS_PER_CALL`), so that the CRM's allowance is used in full.

Why: docs/decisions.md#orders-wait-in-their-sync-run
"""

from collections import deque
from concurrent.futures import Executor, Future
from datetime import datetime

from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.order_sync.run_results import OrderResult
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Runtime
from cellarhand.use_cases.crm.rate_limited_calls import SECONDS_TO_RECORD

from .batch import Batch, OrderOutcome
from .run_store import RunStore
from .select_reservations import SelectReservations
from .sync_order import SyncOrder

THREADS_PER_CALL = 2
CHECKPOINT_EVERY = 25
UNANSWERED_IN_A_ROW = 3
"""After this many calls in a row without an answer the CRM is not called for a while."""
SECONDS_TO_CHECKPOINT = 3.0
"""Reserved at the end for the last checkpoint and the hint to the next runner."""


class BatchResult:
    """The results of a batch so far, and whether it should continue."""

    def __init__(self) -> None:
        self.results: list[OrderResult] = []
        self.waits: dict[str, datetime] = {}
        self.made_progress = False
        self.login_refused = False
        self.out_of_time = False
        self._unanswered = 0

    @property
    def must_stop(self) -> bool:
        """Whether the CRM must not be called any more: it refuses the login or doesn't answer."""
        return self.login_refused or self._unanswered >= UNANSWERED_IN_A_ROW

    @property
    def is_full(self) -> bool:
        """Whether it is time for a checkpoint."""
        return len(self.results) >= CHECKPOINT_EVERY

    def add(self, outcome: OrderOutcome) -> None:
        """Add the outcome of one reservation."""
        self.login_refused |= outcome.login_refused
        self.out_of_time |= outcome.out_of_time
        if outcome.no_answer:
            self._unanswered += 1
        elif outcome.result is not None:
            self._unanswered = 0
        self.made_progress |= outcome.made_progress or outcome.result is not None
        if outcome.result is not None:
            self.results.append(outcome.result)
        elif outcome.again_at is not None:
            self.waits[outcome.reservation_id] = outcome.again_at


class RunBatch:
    """Returns only after every call that it has started is over."""

    def __init__(self, ledger: Records, runs: RunStore, sync_order: SyncOrder, runtime: Runtime) -> None:
        self._ledger = ledger
        self._runs = runs
        self._sync_order = sync_order
        self._clock = runtime.clock
        self._min_seconds = runtime.timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_CHECKPOINT
        self._workers = runtime.workers
        self._report_failure = runtime.report_failure

    def __call__(self, batch: Batch, window: int) -> tuple[SyncRun, BatchResult]:
        """Raises `StaleRecordError` if another runner has taken the run, `StorageUnavailableError`."""
        batch_result = BatchResult()
        pool = self._workers.pool(window * THREADS_PER_CALL)
        try:
            run = self._feed(batch, batch_result, pool, window * (THREADS_PER_CALL + 1))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return self._checkpoint(batch, run, batch_result), batch_result

    def _feed(self, batch: Batch, batch_result: BatchResult, pool: Executor, most: int) -> SyncRun:
        run = batch.run
        now = self._clock.now()
        due = deque(waiting for waiting, at in run.waiting.items() if at <= now or batch.is_crowded)
        walk = SelectReservations(self._ledger, run.tenant_id, run.selection)
        running: dict[Future[OrderOutcome], str] = {}
        while True:
            while self._may_go_on(batch, batch_result) and len(running) < most and (due or run.may_walk):
                if due:
                    reservation_id = due.popleft()
                    running[pool.submit(self._sync_order, batch, reservation_id)] = reservation_id
                else:
                    run = self._add_page(run, walk, due)
            if not running:
                return run
            self._collect(batch, batch_result, running)
            if batch_result.is_full:
                run = self._checkpoint(batch, run, batch_result)

    def _add_page(self, run: SyncRun, walk: SelectReservations, due: deque[str]) -> SyncRun:
        """Put the next page of the walk into `waiting`, before any of its orders is sent."""
        found = walk.page(run.cursor)
        new = [reservation_id for reservation_id in found.items if reservation_id not in run.waiting]
        due.extend(new)
        return self._runs.save(run.with_page(new, found.next, self._clock.now()))

    def _collect(
        self, batch: Batch, batch_result: BatchResult, running: dict[Future[OrderOutcome], str]
    ) -> None:
        if not self._may_go_on(batch, batch_result):
            for future in list(running):
                if future.cancel():
                    del running[future]
        for future in self._workers.any_ended(running):
            batch_result.add(self._outcome(batch, future, running.pop(future)))

    def _outcome(self, batch: Batch, future: Future[OrderOutcome], reservation_id: str) -> OrderOutcome:
        """If our code fails on one record, the others go on; if the store fails, all of them stop."""
        try:
            return future.result()
        except StorageUnavailableError:
            raise
        except Exception as failure:
            self._report_failure(failure)
            return self._sync_order.after_failure(batch.run, reservation_id)

    def _may_go_on(self, batch: Batch, batch_result: BatchResult) -> bool:
        over = batch_result.must_stop or batch_result.out_of_time
        return not over and batch.deadline.seconds_left() >= self._min_seconds

    def _checkpoint(self, batch: Batch, run: SyncRun, batch_result: BatchResult) -> SyncRun:
        results, batch_result.results = batch_result.results, []
        waits, batch_result.waits = batch_result.waits, {}
        if not (results or waits):
            return run
        return self._runs.checkpoint(batch.winery.tenant, run, results, waits, self._clock.now())
