"""Store sync runs in the ledger: start each once, checkpoint it with its results, end it once.

Why: docs/decisions.md#orders-wait-in-their-sync-run, #one-duplicate-check-for-each-hour-of-a-run
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cellarhand.domain.errors import NotFoundError, StaleRecordError
from cellarhand.domain.order_sync.run_results import OrderResult, SyncRunResults
from cellarhand.domain.order_sync.sent_span import widen
from cellarhand.domain.order_sync.sync_run import ACTIVE_PREFIX, ActiveRun, SyncRun, active_run_key, run_key
from cellarhand.domain.records import Record, tenant_partition
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.follow_up import FollowUp
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Hints

MAX_HINT = 900
"""Seconds; what is due later, the sweeper finds."""


class RunStore:
    """Each save requires that the run is unchanged since it was read; else it raises `StaleRecordError`."""

    def __init__(self, ledger: Records, follow_up: FollowUp) -> None:
        self._ledger = ledger
        self._follow_up = follow_up

    def get(self, tenant_id: str, run_id: str) -> SyncRun:
        """Raises `NotFoundError`."""
        run = self._ledger.get(SyncRun, run_key(tenant_id, run_id))
        if run is None:
            raise NotFoundError("There is no such sync run.")
        return run

    def begin(self, run: SyncRun, also: Sequence[Record] = ()) -> SyncRun:
        """Save a new run as active; returns the stored run if one with its id was started before."""
        marker = ActiveRun(tenant_id=run.tenant_id, run_id=run.run_id)
        try:
            return self._save_with(run, marker, *also)
        except StaleRecordError:
            stored = self._ledger.get(SyncRun, run.key)
            if stored is None:
                raise
            return stored

    def active(self, tenant_id: str) -> list[SyncRun]:
        """The runs that are not over, oldest first."""
        page = self._ledger.list_records(ActiveRun, tenant_partition(tenant_id), ACTIVE_PREFIX)
        runs = self._ledger.get_many(SyncRun, [run_key(tenant_id, marker.run_id) for marker in page.items])
        return [run for run in runs if not run.is_over]

    def save(self, run: SyncRun) -> SyncRun:
        """Save a run that continues."""
        return self._ledger.save(run)

    def checkpoint(
        self,
        tenant: TenantRecord,
        run: SyncRun,
        results: Sequence[OrderResult],
        waits: Mapping[str, datetime],
        now: datetime,
    ) -> SyncRun:
        """Move results out of `waiting` and count them, in one transaction with the checks that follow."""
        planned = self._follow_up.of_results(tenant, run, results, now)
        new = tuple(result for result in results if result.reservation_id in run.waiting)
        evidence = [result.sent for result in new if result.sent]
        is_over = run.sent is not None and run.sent.is_over_before(evidence)
        sent = widen(None if is_over else run.sent, evidence)
        after = run.with_results(new, waits).model_copy(update={"sent": sent})
        extra = [*planned, *_chunk(after, new), *(self._follow_up.of_sent_orders(run) if is_over else [])]
        if sent is None or not sent.is_long:
            return self._save_with(after, *extra)
        checks = self._follow_up.of_sent_orders(after)
        return self._save_with(after.model_copy(update={"sent": None}), *extra, *checks)

    def end(self, run: SyncRun, now: datetime) -> SyncRun:
        """Save a run that is over, and remove it from the active runs.

        The checks of the orders that it has sent are planned in the same transaction.
        """
        key = active_run_key(run.tenant_id, run.run_id)
        marker = self._ledger.get(ActiveRun, key)
        checks = [*self._follow_up.of_sent_orders(run), *self._follow_up.of_ended_run(run, now)]
        self._ledger.save_all([run, *checks], removed=[marker] if marker else [])
        return _next_version(run)

    def _save_with(self, run: SyncRun, *extra: Record) -> SyncRun:
        self._ledger.save_all([run, *extra])
        return _next_version(run)


class RunQueue:
    """Which of a tenant's runs are due, and the hint that wakes the runner for those that are due later."""

    def __init__(self, runs: RunStore, hints: Hints, clock: Clock) -> None:
        self._runs = runs
        self._hints = hints
        self._clock = clock

    def due(self, tenant_id: str) -> list[SyncRun]:
        """Oldest first."""
        now = self._clock.now()
        return [run for run in self._runs.active(tenant_id) if run.due is None or run.due <= now]

    def still_due(self, runs: list[SyncRun]) -> list[SyncRun]:
        """As they stand now: another may have worked on them before this runner held the lease."""
        ids = {run.run_id for run in runs}
        return [run for run in self.due(runs[0].tenant_id) if run.run_id in ids]

    def send_hint(self, tenant_id: str) -> None:
        """For the run that is due next, if that is soon."""
        now = self._clock.now()
        times = [run.due for run in self._runs.active(tenant_id) if run.due is not None]
        if times and (delay := (min(times) - now).total_seconds()) <= MAX_HINT:
            self._hints.order_sync(tenant_id, delay=max(0, delay))


def _chunk(run: SyncRun, results: tuple[OrderResult, ...]) -> list[SyncRunResults]:
    if not results:
        return []
    return [SyncRunResults(tenant_id=run.tenant_id, run_id=run.run_id, number=run.chunks, results=results)]


def _next_version(run: SyncRun) -> SyncRun:
    return run.model_copy(update={"version": run.version + 1})
