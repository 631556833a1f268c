"""The runner: bring a tenant's active sync runs as far as one invocation can, under the tenant's lease."""

from threading import Semaphore

from cellarhand.domain.eligibility import SkuKnowledge
from cellarhand.domain.errors import (
    CrmError,
    CrmUnavailableError,
    SettingsIncompleteError,
    StaleRecordError,
)
from cellarhand.domain.lease import ORDER_SYNC, Lease
from cellarhand.domain.sync_run import SyncRun
from cellarhand.domain.timers import Timers
from cellarhand.ports import Clock, CrmGateway, CrmGateways, Deadline, Hints, Metrics, Records, Tokens
from cellarhand.use_cases.run_records import RunRecords
from cellarhand.use_cases.run_round import SECONDS_TO_END, RunRound
from cellarhand.use_cases.send_order import SECONDS_TO_RECORD
from cellarhand.use_cases.sku_knowledge import ask_for_skus
from cellarhand.use_cases.sync_order import SyncOrder
from cellarhand.use_cases.sync_round import Round
from cellarhand.use_cases.tenant_leases import TenantLeases
from cellarhand.use_cases.winery_basis import WineryBasis

MOST_PER_CHUNK = 50
LONGEST_HINT = 900
"""Seconds; what is due later, the sweeper finds."""
LOGIN_REFUSED = ("crm_login_refused", "The CRM refuses the winery's login: correct it, then start again.")

Failure = tuple[str, str]


class Opened:
    """A tenant's CRM, reached: its login works, and its SKUs are known as far as it can tell."""

    def __init__(self, winery: WineryBasis, crm: CrmGateway, skus: frozenset[str] | SkuKnowledge) -> None:
        self.winery = winery
        self.crm = crm
        self.skus = skus
        self.window = winery.settings.crm_allowance.orders
        self.allowance = Semaphore(self.window)

    def round(self, run: SyncRun, lease: Lease, deadline: Deadline) -> Round:
        """What one run's orders share."""
        return Round(run, self.winery, self.crm, self.skus, lease.fence, deadline, self.allowance)


class DrainSyncRuns:
    """Several runs of a tenant are drained one after the other; what can't be ended now keeps its time."""

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
        sync_order: SyncOrder,
        run_round: RunRound,
    ) -> None:
        self._settings = settings
        self._runs = RunRecords(ledger)
        self._leases = TenantLeases(ledger, clock, timers)
        self._crm = crm
        self._hints = hints
        self._metrics = metrics
        self._clock = clock
        self._tokens = tokens
        self._timeout = timers.crm_write
        self._least_seconds = timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_END
        self._sync_order = sync_order
        self._round = run_round

    def __call__(self, tenant_id: str, deadline: Deadline) -> None:
        """Leave a hint for what is due later. Raises `StorageUnavailableError`.

        A run begun while another runner held the lease left its hint in vain: so the holder looks again
        after it has let go.
        """
        has_worked = False
        while self._may_work(deadline) and self._due(tenant_id):
            lease = self._leases.take(tenant_id, ORDER_SYNC)
            if lease is None:
                return
            has_worked = True
            try:
                self._drain(tenant_id, lease, deadline)
            except StaleRecordError:
                break
            finally:
                self._leases.release(lease)
        if has_worked:
            self._leave_hint(tenant_id)

    def _drain(self, tenant_id: str, lease: Lease, deadline: Deadline) -> None:
        runs = self._due(tenant_id)
        try:
            opened = self._open(tenant_id)
        except CrmUnavailableError:
            for run in runs:
                self._rest(run, fruitful=False, paused=True)
        except (SettingsIncompleteError, CrmError) as failure:
            for run in runs:
                self._fail(run, (failure.stable_code, failure.message))
        else:
            for run in runs:
                if self._may_work(deadline):
                    self._work_on(opened.round(run, lease, deadline), opened.window)

    def _open(self, tenant_id: str) -> Opened:
        winery = WineryBasis(self._settings, tenant_id)
        crm = self._crm.of(winery.tenant)
        return Opened(winery, crm, ask_for_skus(crm, timeout=self._timeout))

    def _work_on(self, round_: Round, window: int) -> None:
        run, brought = self._round(round_, window)
        if brought.login_refused:
            self._fail(run, LOGIN_REFUSED)
        elif run.walked and not run.waiting:
            self._end(run)
        else:
            self._rest(run, fruitful=brought.fruitful, paused=brought.is_broken_off)

    def _rest(self, run: SyncRun, *, fruitful: bool, paused: bool) -> None:
        jitter = self._tokens.jitter()
        now = self._clock.now()
        self._runs.save(run.resting(now, fruitful=fruitful, paused=paused, jitter=jitter))

    def _fail(self, run: SyncRun, failure: Failure) -> None:
        """Told as failed, with how everything stands that was begun: the ledger keeps it for the next run."""
        standing = [self._sync_order.as_it_stands(run, id_) for id_ in run.waiting]
        for first in range(0, len(standing), MOST_PER_CHUNK):
            run = self._runs.checkpoint(run, standing[first : first + MOST_PER_CHUNK], {})
        self._end(run, failure)

    def _end(self, run: SyncRun, failure: Failure | None = None) -> None:
        ended = self._runs.end(run.ended(self._clock.now(), failure))
        self._metrics.count("SyncRuns", outcome=ended.state.value)

    def _due(self, tenant_id: str) -> list[SyncRun]:
        now = self._clock.now()
        return [run for run in self._runs.active(tenant_id) if run.due is None or run.due <= now]

    def _may_work(self, deadline: Deadline) -> bool:
        return deadline.seconds_left() >= self._least_seconds

    def _leave_hint(self, tenant_id: str) -> None:
        now = self._clock.now()
        times = [run.due for run in self._runs.active(tenant_id) if run.due is not None]
        if times and (delay := (min(times) - now).total_seconds()) <= LONGEST_HINT:
            self._hints.order_sync(tenant_id, delay=max(0, delay))
