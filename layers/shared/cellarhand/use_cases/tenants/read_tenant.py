"""Reading what belongs to a tenant."""

from collections.abc import Iterator

from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.tenants.event import EVENT_PREFIX, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord, settings_key
from cellarhand.domain.tenants.tenant import TenantRecord, tenant_key
from cellarhand.ports.records import Records


def tenant_record(settings: Records, tenant_id: str) -> TenantRecord:
    """Who the tenant is; raises `NotFoundError` if there is none of that id."""
    tenant = settings.get(TenantRecord, tenant_key(tenant_id))
    if tenant is None:
        raise _not_found()
    return tenant


def settings_record(settings: Records, tenant_id: str) -> SettingsRecord:
    """The tenant's stored settings; raises `NotFoundError` (onboarding stores the defaults)."""
    record = settings.get(SettingsRecord, settings_key(tenant_id))
    if record is None:
        raise _not_found()
    return record


def settings_of(settings: Records, tenant_id: str) -> Settings:
    """What the tenant's staff decided."""
    return settings_record(settings, tenant_id).settings


def stored_events(settings: Records, tenant_id: str) -> Iterator[EventRecord]:
    """In the order of their ids, inactive ones too."""
    after: str | None = None
    while True:
        page = settings.list_records(EventRecord, tenant_partition(tenant_id), EVENT_PREFIX, after=after)
        yield from page.items
        if page.next is None:
            return
        after = page.next


def _not_found() -> NotFoundError:
    return NotFoundError("There is no such tenant.", code="tenant_not_found")
