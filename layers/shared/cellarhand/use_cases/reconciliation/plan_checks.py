"""Plan the checks that reconciliation runs later, and find what a night compares beside recent visits."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cellarhand.domain.order_sync.sync_run import OrderResult, SyncRun
from cellarhand.domain.reconciliation.checks import duplicate_check, nightly_check
from cellarhand.domain.reconciliation.late_syncs import (
    LATE_PREFIX,
    LateSyncs,
    compared_since,
    late_settlement,
    late_syncs,
)
from cellarhand.domain.records import Record, tenant_partition
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .ledger_reader import ExtraReservations


class PlanChecks:
    """Implements the `FollowUp` port. A tenant without runs costs nothing."""

    def __init__(self, settings: Records, ledger: Records) -> None:
        self._settings = settings
        self._ledger = ledger

    def of_results(
        self, tenant: TenantRecord, run: SyncRun, results: Sequence[OrderResult], now: datetime
    ) -> list[Record]:
        """Those sent late after their visits, and a night to compare them.

        A run doesn't wait for its end with that: it may last longer than the nights that its visits have.
        """
        sent = [(each.reservation_id, each.sent.visit_date) for each in results if each.sent]
        late = late_syncs(tenant, f"{run.run_id}-{run.chunks}", sent, now)
        if not late and (not sent or _is_planned(tenant, run, now) or _ends_with(run, results)):
            return []
        return [*late, *next_night(self._ledger, tenant, now)]

    def of_sent_orders(self, run: SyncRun) -> list[Record]:
        """The duplicate check a day later."""
        return [duplicate_check(run.tenant_id, f"{run.run_id}-{run.chunks}", run.sent)] if run.sent else []

    def of_ended_run(self, run: SyncRun, now: datetime) -> list[Record]:
        """The next night's check, unless it is planned already; none for a run that found nothing."""
        if not run.counts:
            return []
        return next_night(self._ledger, tenant_record(self._settings, run.tenant_id), now)

    def of_settled_order(
        self, tenant: TenantRecord, record: ReservationRecord, now: datetime
    ) -> list[Record]:
        """No run has synced it, so that none plans the nights that compare it."""
        late = late_settlement(tenant, record.reservation_id, record.snapshot, now)
        return [*late, *next_night(self._ledger, tenant, now)]


def next_night(ledger: Records, tenant: TenantRecord, after: datetime) -> list[Record]:
    """Its work, unless it is planned already."""
    night = nightly_check(tenant.tenant_id, tenant.timezone, after)
    return [] if ledger.get(type(night), night.key) else [night]


def _is_planned(tenant: TenantRecord, run: SyncRun, now: datetime) -> bool:
    """Whether the night to come was planned with what the run sent before."""
    if run.sent is None:
        return False
    return nightly_check(tenant.tenant_id, tenant.timezone, run.sent.until).due > now


def _ends_with(run: SyncRun, results: Sequence[OrderResult]) -> bool:
    """Whether its end comes next: that plans the night as well."""
    return run.walked and run.waiting.keys() <= {each.reservation_id for each in results}


def late_visits(ledger: Records, tenant: TenantRecord, night: datetime) -> ExtraReservations:
    """Synced or settled late, in the last days before this night."""
    syncs = list(_syncs(ledger, tenant, night))
    ids = dict.fromkeys(id_ for each in syncs for id_ in each.reservation_ids)
    return ExtraReservations(
        tuple(ids), min((each.look_from for each in syncs if each.look_from), default=None)
    )


def _syncs(ledger: Records, tenant: TenantRecord, night: datetime) -> Iterator[LateSyncs]:
    """Newest first, so that a night reads on only as long as what it finds is for it."""
    partition, since, after = tenant_partition(tenant.tenant_id), compared_since(tenant, night), None
    while True:
        page = ledger.list_records(LateSyncs, partition, LATE_PREFIX, after=after, newest_first=True)
        yield from (each for each in page.items if each.confirmed_at >= since)
        after = page.next
        if after is None or not page.items or page.items[-1].confirmed_at < since:
            return
