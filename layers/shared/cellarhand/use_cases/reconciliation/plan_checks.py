"""Planning a night's figures: whenever a run ends that found any reservation."""

from datetime import datetime

from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.reconciliation.checks import nightly
from cellarhand.domain.records import Record
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.tenants.read_tenant import tenant_record


class PlanNightlyBooks:
    """So a tenant without runs costs nothing."""

    def __init__(self, settings: Records, ledger: Records, clock: Clock) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock

    def __call__(self, run: SyncRun) -> list[Record]:
        """What is to be saved with a run's end: the next night's work, unless it is planned already."""
        if not run.counts:
            return []
        tenant = tenant_record(self._settings, run.tenant_id)
        return next_night(self._ledger, tenant, self._clock.now())


def next_night(ledger: Records, tenant: TenantRecord, after: datetime) -> list[Record]:
    """Its work, unless it is planned already."""
    night = nightly(tenant.tenant_id, tenant.timezone, after)
    return [] if ledger.get(type(night), night.key) else [night]
