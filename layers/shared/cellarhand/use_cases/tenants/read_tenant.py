"""Reading what belongs to a tenant."""

from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.tenants.tenant import Settings, SettingsRecord, TenantRecord
from cellarhand.ports.records import Records


def tenant_record(settings: Records, tenant_id: str) -> TenantRecord:
    """Who the tenant is; raises `NotFoundError` if there is none of that id."""
    tenant = settings.get(TenantRecord, Key(tenant_partition(tenant_id), "TENANT"))
    if tenant is None:
        raise NotFoundError("There is no such tenant.", code="tenant_not_found")
    return tenant


def settings_record(settings: Records, tenant_id: str) -> SettingsRecord:
    """The tenant's stored settings; raises `NotFoundError` (onboarding stores the defaults)."""
    record = settings.get(SettingsRecord, Key(tenant_partition(tenant_id), "SETTINGS"))
    if record is None:
        raise NotFoundError("There is no such tenant.", code="tenant_not_found")
    return record


def settings_of(settings: Records, tenant_id: str) -> Settings:
    """What the tenant's staff decided."""
    return settings_record(settings, tenant_id).settings
