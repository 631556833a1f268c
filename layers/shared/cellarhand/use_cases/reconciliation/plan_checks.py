"""Plan the checks that reconciliation runs later, and find the late visits that a nightly check compares.

Why: docs/decisions.md#nightly-checks-follow-runs-and-visits, #late-orders-are-compared-on-three-nights
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cellarhand.domain.order_sync.run_results import OrderResult
from cellarhand.domain.order_sync.sync_run import SyncRun
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
    """Implements the `FollowUp` port. A tenant without sync runs has no checks and costs nothing."""

    def __init__(self, settings: Records, ledger: Records) -> None:
        self._settings = settings
        self._ledger = ledger

    def of_results(
        self, tenant: TenantRecord, run: SyncRun, results: Sequence[OrderResult], now: datetime
    ) -> list[Record]:
        """The reservations sent long after their visits, and the nightly check that compares them.

        This is not left to the run's end: a run may last longer than the nights on which its visits are
        compared.
        """
        sent = [(result.reservation_id, result.sent.visit_date) for result in results if result.sent]
        late = late_syncs(tenant, f"{run.run_id}-{run.chunks}", sent, now)
        if not late and (not sent or _is_planned(tenant, run, now) or _ends_with(run, results)):
            return []
        return [*late, *next_night(self._ledger, tenant, now)]

    def of_sent_orders(self, run: SyncRun) -> list[Record]:
        """The duplicate check a day after the first send."""
        return [duplicate_check(run.tenant_id, f"{run.run_id}-{run.chunks}", run.sent)] if run.sent else []

    def of_ended_run(self, run: SyncRun, now: datetime) -> list[Record]:
        """The next nightly check, unless it is planned already; none for a run that found nothing."""
        if not run.counts:
            return []
        return next_night(self._ledger, tenant_record(self._settings, run.tenant_id), now)

    def of_settled_order(
        self, tenant: TenantRecord, record: ReservationRecord, now: datetime
    ) -> list[Record]:
        """Plan the nights that compare it: staff settled it, so no run has planned them."""
        late = late_settlement(tenant, record.reservation_id, record.snapshot, now)
        return [*late, *next_night(self._ledger, tenant, now)]


def next_night(ledger: Records, tenant: TenantRecord, after: datetime) -> list[Record]:
    """The first nightly check after an instant, unless it is planned already."""
    night = nightly_check(tenant.tenant_id, tenant.timezone, after)
    return [] if ledger.get(type(night), night.key) else [night]


def _is_planned(tenant: TenantRecord, run: SyncRun, now: datetime) -> bool:
    """Whether an earlier result of the run has planned the coming nightly check."""
    if run.sent is None:
        return False
    return nightly_check(tenant.tenant_id, tenant.timezone, run.sent.until).due > now


def _ends_with(run: SyncRun, results: Sequence[OrderResult]) -> bool:
    """Whether these are the run's last results: its end follows and plans the nightly check."""
    return run.walked and run.waiting.keys() <= {result.reservation_id for result in results}


def late_visits(ledger: Records, tenant: TenantRecord, night: datetime) -> ExtraReservations:
    """Reservations synced or settled long after their visits, in the last days before this night."""
    syncs = list(_syncs(ledger, tenant, night))
    ids = dict.fromkeys(reservation_id for sync in syncs for reservation_id in sync.reservation_ids)
    return ExtraReservations(
        tuple(ids), min((sync.look_from for sync in syncs if sync.look_from), default=None)
    )


def _syncs(ledger: Records, tenant: TenantRecord, night: datetime) -> Iterator[LateSyncs]:
    """Newest first, so that reading stops at the first record that is too old for this night."""
    partition, since, after = tenant_partition(tenant.tenant_id), compared_since(tenant, night), None
    while True:
        page = ledger.list_records(LateSyncs, partition, LATE_PREFIX, after=after, newest_first=True)
        yield from (sync for sync in page.items if sync.confirmed_at >= since)
        after = page.next
        if after is None or not page.items or page.items[-1].confirmed_at < since:
            return
