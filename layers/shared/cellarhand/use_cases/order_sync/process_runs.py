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
from cellarhand.domain.reliability.lease import Lease
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.eligibility import SkuKnowledge
from cellarhand.ports.crm import CrmGateway, CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Deadline, Runtime
from cellarhand.use_cases.crm.rate_limited_calls import SECONDS_TO_RECORD, RateLimitedCalls
from cellarhand.use_cases.ledger.tenant_session import TenantSession, TenantSessions
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .batch import Batch
from .check_skus import ask_for_skus
from .run_batch import SECONDS_TO_CHECKPOINT, RunBatch
from .run_store import RunQueue, RunStore
from .sync_order import SyncOrder

MAX_PER_CHUNK = 50
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


class RunEndings:
    """Saves a run after a batch: it is rescheduled, or it ends."""

    def __init__(self, settings: Records, runs: RunStore, sync_order: SyncOrder, runtime: Runtime) -> None:
        self._settings = settings
        self._runs = runs
        self._sync_order = sync_order
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._metrics = runtime.metrics

    def failed(self, run: SyncRun) -> None:
        """Our own code failed on a run: wait with what it has saved so far."""
        self.wait(self._runs.get(run.tenant_id, run.run_id), INTERNAL_ERROR)

    def wait(self, run: SyncRun, failure: Failure, *, paused: bool = True) -> None:
        """After a batch without progress: reschedule the run, or end it if it has waited too long."""
        if run.has_waited_too_long(self._clock.now()):
            self.close(run, None if run.walked else failure)
        else:
            self.reschedule(run, made_progress=False, paused=paused)

    def reschedule(self, run: SyncRun, *, made_progress: bool, paused: bool) -> None:
        """Save when the run continues."""
        jitter = self._tokens.jitter()
        now = self._clock.now()
        self._runs.save(run.rescheduled(now, made_progress=made_progress, paused=paused, jitter=jitter))

    def close(self, run: SyncRun, failure: Failure | None) -> None:
        """End a run and report the current state of what it has not finished; the next run takes that on."""
        left = [self._sync_order.current_result(run, reservation_id) for reservation_id in run.waiting]
        tenant = tenant_record(self._settings, run.tenant_id)
        for results in batched(left, MAX_PER_CHUNK, strict=False):
            run = self._runs.checkpoint(tenant, run, results, {}, self._clock.now())
        self.end(run, failure)

    def end(self, run: SyncRun, failure: Failure | None = None) -> None:
        """End a run that has nothing waiting."""
        now = self._clock.now()
        ended = self._runs.end(run.ended(now, failure), now)
        self._metrics.count("SyncRuns", outcome=ended.state.value)


class ProcessRuns:
    """Processes the runs of a tenant one after the other; a run that can't end now is rescheduled."""

    def __init__(
        self,
        sessions: TenantSessions,
        crm: CrmGateways,
        queue: RunQueue,
        run_batch: RunBatch,
        endings: RunEndings,
        timers: Timers,
    ) -> None:
        self._sessions = sessions
        self._crm = crm
        self._queue = queue
        self._run_batch = run_batch
        self._endings = endings
        self._timeout = timers.crm_write
        self._min_seconds = timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_CHECKPOINT

    def __call__(self, tenant_id: str, deadline: Deadline) -> None:
        """Process all due runs, and send a hint for what is due later. Raises `StorageUnavailableError`.

        The hint of a run that starts while another runner holds the lease has no effect, so the holder checks
        for due runs again after it has released the lease. Settings are read after a run has started: staff
        who correct their settings and start a run at once expect the corrected ones.
        """
        had_lease = False
        failures: list[Exception] = []
        while self._has_time(deadline) and (started := self._queue.due(tenant_id)):
            with self._sessions.open(tenant_id, deadline) as session:
                if session is None:
                    return
                had_lease = True
                try:
                    failures += self._drain(started, session, deadline)
                except StaleRecordError:
                    break
        if had_lease:
            self._queue.send_hint(tenant_id)
        if failures:
            raise failures[0]

    def _drain(self, started: list[SyncRun], session: TenantSession, deadline: Deadline) -> list[Exception]:
        """Returns the exceptions of our own code: a run on which it fails never stops the others."""
        runs = self._queue.still_due(started)
        failures: list[Exception] = []
        try:
            connected = self._connect(session)
        except CrmUnavailableError as failure:
            for run in runs:
                self._endings.wait(run, (failure.stable_code, failure.message))
        except (SettingsIncompleteError, CrmError) as failure:
            for run in runs:
                self._endings.close(run, (failure.stable_code, failure.message))
        else:
            while runs and self._has_time(deadline):
                for run in runs:
                    if self._has_time(deadline):
                        failures += self._try(connected.batch(run, session.lease, deadline), connected.window)
                runs = self._queue.still_due(started)
        return failures

    def _try(self, batch: Batch, window: int) -> list[Exception]:
        try:
            self._work_on(batch, window)
        except (StaleRecordError, StorageUnavailableError):
            raise
        except Exception as failure:
            self._endings.failed(batch.run)
            return [failure]
        return []

    def _connect(self, session: TenantSession) -> ConnectedTenant:
        crm = self._crm.of(session.winery.tenant)
        with session.calls.call(self._timeout):
            skus = ask_for_skus(crm, timeout=self._timeout)
        return ConnectedTenant(session.winery, crm, skus, session.calls)

    def _work_on(self, batch: Batch, window: int) -> None:
        run, batch_result = self._run_batch(batch, window)
        if batch_result.login_refused:
            self._endings.close(run, LOGIN_REFUSED)
        elif run.walked and not run.waiting:
            self._endings.end(run)
        elif batch_result.made_progress:
            self._endings.reschedule(run, made_progress=True, paused=batch_result.must_stop)
        else:
            self._endings.wait(run, NO_PROGRESS, paused=batch_result.must_stop)

    def _has_time(self, deadline: Deadline) -> bool:
        return deadline.seconds_left() >= self._min_seconds
