"""The runner: process a tenant's active sync runs for one invocation, under the tenant's lease.

Why: docs/decisions.md#a-run-uses-settings-read-after-its-start, #a-run-without-progress-ends-after-two-days
"""

from itertools import batched

from cellarhand.domain.errors import (
    FAILED_ON_OUR_SIDE,
    CellarhandError,
    CrmError,
    CrmLoginRefusedError,
    CrmUnavailableError,
    SettingsIncompleteError,
    StaleRecordError,
    StorageUnavailableError,
)
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.reliability.lease import ORDER_SYNC, Lease
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.eligibility import SkuKnowledge
from cellarhand.ports.crm import CrmGateway, CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline, Tokens
from cellarhand.ports.signals import Hints, Metrics
from cellarhand.ports.workers import Workers
from cellarhand.use_cases.crm.rate_limited_calls import SECONDS_TO_RECORD, RateLimitedCalls
from cellarhand.use_cases.crm.tenant_leases import TenantLeases
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .batch import Batch
from .check_skus import ask_for_skus
from .run_batch import SECONDS_TO_CHECKPOINT, RunBatch
from .run_store import RunStore
from .sync_order import SyncOrder

MAX_PER_CHUNK = 50
MAX_HINT = 900
"""Seconds; the sweeper finds what is due later."""
LOGIN_REFUSED = (
    CrmLoginRefusedError.code,
    "The CRM refuses the winery's login: correct it, then start again.",
)
INTERNAL_ERROR = (CellarhandError.code, FAILED_ON_OUR_SIDE)
NO_PROGRESS = ("nothing_gets_on", "The run made no progress for two days: start it again.")

Failure = tuple[str, str]


class ConnectedTenant:
    """A tenant whose CRM answered: its login works, and its SKUs are known if it lists them."""

    def __init__(
        self,
        winery: WineryContext,
        crm: CrmGateway,
        skus: frozenset[str] | SkuKnowledge,
        calls: RateLimitedCalls,
    ) -> None:
        self.winery = winery
        self.crm = crm
        self.skus = skus
        self.window = winery.settings.crm_allowance.orders
        self.calls = calls

    def batch(self, run: SyncRun, lease: Lease, deadline: Deadline) -> Batch:
        """A batch of one run."""
        return Batch(run, self.winery, self.crm, self.skus, lease.fence, deadline, self.calls)


class ProcessRuns:
    """Processes the runs of a tenant one after the other; a run that can't end now is rescheduled."""

    def __init__(
        self,
        *,
        settings: Records,
        ledger: Records,
        crm: CrmGateways,
        hints: Hints,
        metrics: Metrics,
        clock: Clock,
        tokens: Tokens,
        timers: Timers,
        workers: Workers,
        sync_order: SyncOrder,
        run_round: RunBatch,
        runs: RunStore,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._runs = runs
        self._leases = TenantLeases(ledger, clock, timers)
        self._crm = crm
        self._hints = hints
        self._metrics = metrics
        self._clock = clock
        self._tokens = tokens
        self._timeout = timers.crm_write
        self._workers = workers
        self._min_seconds = timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_CHECKPOINT
        self._sync_order = sync_order
        self._run_batch = run_round

    def __call__(self, tenant_id: str, deadline: Deadline) -> None:
        """Process all due runs, and send a hint for what is due later. Raises `StorageUnavailableError`.

        The hint of a run that starts while another runner holds the lease has no effect, so the holder checks
        for due runs again after it has released the lease. Settings are read after a run has started: staff
        who correct their settings and start a run at once expect the corrected ones.
        """
        had_lease = False
        failures: list[Exception] = []
        while self._has_time(deadline) and (started := self._due(tenant_id)):
            winery = WineryContext(self._settings, tenant_id)
            lease = self._leases.take(tenant_id, ORDER_SYNC)
            if lease is None:
                return
            had_lease = True
            calls = self._calls(winery, lease, deadline)
            try:
                failures += self._drain(started, winery, lease, calls, deadline)
            except StaleRecordError:
                break
            finally:
                self._leases.release(lease, calls.bucket)
        if had_lease:
            self._send_hint(tenant_id)
        if failures:
            raise failures[0]

    def _calls(self, winery: WineryContext, lease: Lease, deadline: Deadline) -> RateLimitedCalls:
        allowance = winery.settings.crm_allowance
        pace, at_once = allowance.order_rate, allowance.orders
        return RateLimitedCalls(lease, pace, at_once, deadline, self._clock, self._workers)

    def _drain(
        self,
        started: list[SyncRun],
        winery: WineryContext,
        lease: Lease,
        calls: RateLimitedCalls,
        deadline: Deadline,
    ) -> list[Exception]:
        """Returns the exceptions of our own code: a run on which it fails never stops the others."""
        runs = self._still_due(started)
        failures: list[Exception] = []
        try:
            connected = self._connect(winery, calls)
        except CrmUnavailableError as failure:
            for run in runs:
                self._wait(run, (failure.stable_code, failure.message))
        except (SettingsIncompleteError, CrmError) as failure:
            for run in runs:
                self._close(run, (failure.stable_code, failure.message))
        else:
            while runs and self._has_time(deadline):
                for run in runs:
                    if self._has_time(deadline):
                        failures += self._try(connected.batch(run, lease, deadline), connected.window)
                runs = self._still_due(started)
        return failures

    def _try(self, batch: Batch, window: int) -> list[Exception]:
        try:
            self._work_on(batch, window)
        except (StaleRecordError, StorageUnavailableError):
            raise
        except Exception as failure:
            self._wait(self._runs.get(batch.run.tenant_id, batch.run.run_id), INTERNAL_ERROR)
            return [failure]
        return []

    def _connect(self, winery: WineryContext, calls: RateLimitedCalls) -> ConnectedTenant:
        crm = self._crm.of(winery.tenant)
        with calls.call(self._timeout):
            skus = ask_for_skus(crm, timeout=self._timeout)
        return ConnectedTenant(winery, crm, skus, calls)

    def _work_on(self, batch: Batch, window: int) -> None:
        run, batch_result = self._run_batch(batch, window)
        if batch_result.login_refused:
            self._close(run, LOGIN_REFUSED)
        elif run.walked and not run.waiting:
            self._end(run)
        elif batch_result.made_progress:
            self._reschedule(run, made_progress=True, paused=batch_result.must_stop)
        else:
            self._wait(run, NO_PROGRESS, paused=batch_result.must_stop)

    def _wait(self, run: SyncRun, failure: Failure, *, paused: bool = True) -> None:
        """After a batch without progress: reschedule the run, or end it if it has waited too long."""
        if run.has_waited_too_long(self._clock.now()):
            self._close(run, None if run.walked else failure)
        else:
            self._reschedule(run, made_progress=False, paused=paused)

    def _reschedule(self, run: SyncRun, *, made_progress: bool, paused: bool) -> None:
        jitter = self._tokens.jitter()
        now = self._clock.now()
        self._runs.save(run.rescheduled(now, made_progress=made_progress, paused=paused, jitter=jitter))

    def _close(self, run: SyncRun, failure: Failure | None) -> None:
        """End a run and report the current state of what it has not finished; the next run takes that on."""
        left = [self._sync_order.current_result(run, reservation_id) for reservation_id in run.waiting]
        tenant = tenant_record(self._settings, run.tenant_id)
        for results in batched(left, MAX_PER_CHUNK, strict=False):
            run = self._runs.checkpoint(tenant, run, results, {}, self._clock.now())
        self._end(run, failure)

    def _end(self, run: SyncRun, failure: Failure | None = None) -> None:
        now = self._clock.now()
        ended = self._runs.end(run.ended(now, failure), now)
        self._metrics.count("SyncRuns", outcome=ended.state.value)

    def _still_due(self, runs: list[SyncRun]) -> list[SyncRun]:
        """Read them again: another runner may have processed them before this one held the lease."""
        ids = {run.run_id for run in runs}
        return [run for run in self._due(runs[0].tenant_id) if run.run_id in ids]

    def _due(self, tenant_id: str) -> list[SyncRun]:
        now = self._clock.now()
        return [run for run in self._runs.active(tenant_id) if run.due is None or run.due <= now]

    def _has_time(self, deadline: Deadline) -> bool:
        return deadline.seconds_left() >= self._min_seconds

    def _send_hint(self, tenant_id: str) -> None:
        now = self._clock.now()
        times = [run.due for run in self._runs.active(tenant_id) if run.due is not None]
        if times and (delay := (min(times) - now).total_seconds()) <= MAX_HINT:
            self._hints.order_sync(tenant_id, delay=max(0, delay))
