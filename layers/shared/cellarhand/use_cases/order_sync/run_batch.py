"""One round of one sync run: as many of its reservations as can be brought further before the deadline.

The window of calls is fed all the time: nobody waits for the slowest of a batch, and reading, judging and
writing down happen beside the calls (`THREADS_PER_CALL`), so that the CRM's allowance is used in full.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime

from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.order_sync.sync_run import OrderResult, SyncRun
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.workers import Workers
from cellarhand.use_cases.crm.rate_limited_calls import SECONDS_TO_RECORD

from .batch import Batch, OrderOutcome
from .run_store import RunStore
from .select_reservations import SelectReservations
from .sync_order import SyncOrder

Failures = Callable[[BaseException], None]

THREADS_PER_CALL = 2
CHECKPOINT_EVERY = 25
UNANSWERED_IN_A_ROW = 3
"""After so many calls in a row without an answer the CRM is left in peace for a while."""
SECONDS_TO_CHECKPOINT = 3.0
"""Kept free for the last checkpoint and the hint to the next runner."""


class BatchResult:
    """What a round has brought so far, and whether it should go on."""

    def __init__(self) -> None:
        self.results: list[OrderResult] = []
        self.waits: dict[str, datetime] = {}
        self.made_progress = False
        self.login_refused = False
        self.out_of_time = False
        self._unanswered = 0

    @property
    def is_broken_off(self) -> bool:
        """Whether the CRM is not to be asked any more."""
        return self.login_refused or self._unanswered >= UNANSWERED_IN_A_ROW

    @property
    def is_full(self) -> bool:
        """Whether it is time for a checkpoint."""
        return len(self.results) >= CHECKPOINT_EVERY

    def add(self, handled: OrderOutcome) -> None:
        """Count one reservation in."""
        self.login_refused |= handled.login_refused
        self.out_of_time |= handled.out_of_time
        if handled.no_answer:
            self._unanswered += 1
        elif handled.result is not None:
            self._unanswered = 0
        self.made_progress |= handled.is_nearer or handled.result is not None
        if handled.result is not None:
            self.results.append(handled.result)
        elif handled.again_at is not None:
            self.waits[handled.reservation_id] = handled.again_at


class RunBatch:
    """Returns only after every call that it started has ended."""

    def __init__(
        self,
        ledger: Records,
        sync_order: SyncOrder,
        clock: Clock,
        timers: Timers,
        workers: Workers,
        report_failure: Failures,
        runs: RunStore,
    ) -> None:
        self._ledger = ledger
        self._runs = runs
        self._sync_order = sync_order
        self._clock = clock
        self._min_seconds = timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_CHECKPOINT
        self._workers = workers
        self._report_failure = report_failure

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
        due = deque(id_ for id_, at in run.waiting.items() if at <= now or batch.is_crowded)
        walk = SelectReservations(self._ledger, run.tenant_id, run.selection)
        running: dict[Future[OrderOutcome], str] = {}
        while True:
            while self._may_go_on(batch, batch_result) and len(running) < most and (due or run.may_walk):
                if due:
                    id_ = due.popleft()
                    running[pool.submit(self._sync_order, batch, id_)] = id_
                else:
                    run = self._enrol(run, walk, due)
            if not running:
                return run
            self._collect(batch, batch_result, running)
            if batch_result.is_full:
                run = self._checkpoint(batch, run, batch_result)

    def _enrol(self, run: SyncRun, walk: SelectReservations, due: deque[str]) -> SyncRun:
        """Put the next page of the walk into `waiting`, before anything of it is sent."""
        found = walk.page(run.cursor)
        new = [id_ for id_ in found.items if id_ not in run.waiting]
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
            batch_result.add(self._handled(batch, future, running.pop(future)))

    def _handled(self, batch: Batch, future: Future[OrderOutcome], reservation_id: str) -> OrderOutcome:
        """One bad record never stops the others; a store that does not answer stops them all."""
        try:
            return future.result()
        except StorageUnavailableError:
            raise
        except Exception as failure:
            self._report_failure(failure)
            return self._sync_order.after_failure(batch.run, reservation_id)

    def _may_go_on(self, batch: Batch, batch_result: BatchResult) -> bool:
        over = batch_result.is_broken_off or batch_result.out_of_time
        return not over and batch.deadline.seconds_left() >= self._min_seconds

    def _checkpoint(self, batch: Batch, run: SyncRun, batch_result: BatchResult) -> SyncRun:
        results, batch_result.results = batch_result.results, []
        waits, batch_result.waits = batch_result.waits, {}
        if not (results or waits):
            return run
        return self._runs.checkpoint(batch.winery.tenant, run, results, waits, self._clock.now())
