"""Keeping sync runs in the ledger: begun once, checkpointed with their results, ended once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cellarhand.domain.errors import NotFoundError, StaleRecordError
from cellarhand.domain.order_sync.sent_span import widen
from cellarhand.domain.order_sync.sync_run import (
    ACTIVE_PREFIX,
    ActiveRun,
    OrderResult,
    SyncRun,
    SyncRunResults,
    run_key,
)
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.follow_up import FollowUp
from cellarhand.ports.records import Records


class RunStore:
    """Every save is on the condition that the run is the one that was read; else `StaleRecordError`."""

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
        """Keep a new run as active; answers the stored one if a run of its id was begun before."""
        marker = ActiveRun(tenant_id=run.tenant_id, run_id=run.run_id)
        try:
            return self._saved(run, marker, *also)
        except StaleRecordError:
            begun = self._ledger.get(SyncRun, run.key)
            if begun is None:
                raise
            return begun

    def active(self, tenant_id: str) -> list[SyncRun]:
        """The runs that are not over, oldest first."""
        page = self._ledger.list_records(ActiveRun, tenant_partition(tenant_id), ACTIVE_PREFIX)
        runs = self._ledger.get_many(SyncRun, [run_key(tenant_id, marker.run_id) for marker in page.items])
        return [run for run in runs if not run.is_over]

    def save(self, run: SyncRun) -> SyncRun:
        """Keep a run that goes on."""
        return self._ledger.save(run)

    def checkpoint(
        self,
        tenant: TenantRecord,
        run: SyncRun,
        results: Sequence[OrderResult],
        waits: Mapping[str, datetime],
        now: datetime,
    ) -> SyncRun:
        """Move results out of `waiting` and count them, in one transaction with the checks they call for."""
        beside = self._follow_up.of_results(tenant, run, results, now)
        told = tuple(result for result in results if result.reservation_id in run.waiting)
        news = [result.sent for result in told if result.sent]
        is_over = run.sent is not None and run.sent.is_over_before(news)
        sent = widen(None if is_over else run.sent, news)
        after = run.with_results(told, waits).model_copy(update={"sent": sent})
        also = [*beside, *_chunk(after, told), *(self._follow_up.of_sent_orders(run) if is_over else [])]
        if sent is None or not sent.is_long:
            return self._saved(after, *also)
        checks = self._follow_up.of_sent_orders(after)
        return self._saved(after.model_copy(update={"sent": None}), *also, *checks)

    def end(self, run: SyncRun, now: datetime) -> SyncRun:
        """Keep a run that is over, and take it off the list of active ones.

        The checks of what it sent are planned in the same transaction.
        """
        key = Key(tenant_partition(run.tenant_id), f"{ACTIVE_PREFIX}{run.run_id}")
        marker = self._ledger.get(ActiveRun, key)
        checks = [*self._follow_up.of_sent_orders(run), *self._follow_up.of_ended_run(run, now)]
        self._ledger.save_all([run, *checks], removed=[marker] if marker else [])
        return _next_version(run)

    def _saved(self, run: SyncRun, *also: Record) -> SyncRun:
        self._ledger.save_all([run, *also])
        return _next_version(run)


def _chunk(run: SyncRun, results: tuple[OrderResult, ...]) -> list[SyncRunResults]:
    if not results:
        return []
    return [SyncRunResults(tenant_id=run.tenant_id, run_id=run.run_id, number=run.chunks, results=results)]


def _next_version(run: SyncRun) -> SyncRun:
    return run.model_copy(update={"version": run.version + 1})
