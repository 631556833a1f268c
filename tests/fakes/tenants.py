"""A winery that is taken on already."""

from datetime import UTC, datetime

from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from cellarhand.ports.records import Records
from tests.fakes.http import TENANT

TAKEN_ON = datetime(2026, 1, 1, tzinfo=UTC)


def take_on(settings: Records, tenant_id: str = TENANT, *, decided: Settings | None = None) -> TenantRecord:
    """Store a tenant with VinSuite's sandbox as its CRM, and its settings."""
    tenant = TenantRecord(
        tenant_id=tenant_id,
        name="Oak Hollow",
        timezone="America/Los_Angeles",
        currency="USD",
        provider=Provider.VINSUITE,
        crm_environment=CrmEnvironment.SANDBOX,
        hash_key="a key",
        created_at=TAKEN_ON,
    )
    kept = SettingsRecord(
        tenant_id=tenant_id, settings=decided or Settings(), written_by="test", written_at=TAKEN_ON
    )
    settings.save_all([tenant, kept])
    return tenant


def offer(settings: Records, event_id: str, *, fee: int = 5000, tenant_id: str = TENANT) -> None:
    """Store an event with this fee in minor units."""
    event = EventBody(name="A tasting", fee_per_guest=fee)
    settings.save(EventRecord(tenant_id=tenant_id, event_id=event_id, event=event))
