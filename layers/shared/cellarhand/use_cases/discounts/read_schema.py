"""Read the stored versions of a tenant's discount schema."""

from cellarhand.domain.discounts.schema.versions import (
    CurrentSchemaRecord,
    DiscountSchemaRecord,
    current_schema_key,
    schema_version_key,
)
from cellarhand.domain.errors import NotFoundError
from cellarhand.ports.records import Records


def schema_in_force(settings: Records, tenant_id: str) -> CurrentSchemaRecord:
    """The version in force; number 0, not stored, if none was ever written."""
    current = settings.get(CurrentSchemaRecord, current_schema_key(tenant_id))
    return current or CurrentSchemaRecord(tenant_id=tenant_id, number=0)


def schema_version(settings: Records, tenant_id: str, number: int) -> DiscountSchemaRecord:
    """One version with its rules; raises `NotFoundError`."""
    record = settings.get(DiscountSchemaRecord, schema_version_key(tenant_id, number))
    if record is None:
        raise NotFoundError("There is no such version of the discount schema.", code="schema_not_found")
    return record
