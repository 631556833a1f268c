"""Everything that a simulation needs for pricing, read once."""

from collections.abc import Mapping
from typing import NamedTuple

from cellarhand.domain.discounts.engine.compiled_schema import NO_RULES, CompiledSchema, compile_schema
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.simulation.replay import InferredGuests
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Settings
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.use_cases.discounts.read_schema import schema_in_force, schema_version
from cellarhand.use_cases.tenants.read_tenant import settings_of, stored_events


class SimulationContext(NamedTuple):
    """`number`: of the schema in force; `events`: by id; `guests`: infers memberships from its rules."""

    tenant: TenantRecord
    settings: Settings
    events: Mapping[str, EventBody]
    number: int
    in_force: CompiledSchema
    draft: CompiledSchema
    guests: InferredGuests


def simulation_context(settings: Records, tenant: TenantRecord, draft: CompiledSchema) -> SimulationContext:
    """For a winery without a schema, the draft is compared with the list price."""
    number = schema_in_force(settings, tenant.tenant_id).number
    in_force, guests = NO_RULES, InferredGuests(DiscountSchema(), Meanings())
    if number:
        record = schema_version(settings, tenant.tenant_id, number)
        in_force = compile_schema(record.document, record.meanings)
        guests = InferredGuests(record.document, record.meanings)
    return SimulationContext(
        tenant=tenant,
        settings=settings_of(settings, tenant.tenant_id),
        events={record.event_id: record.event for record in stored_events(settings, tenant.tenant_id)},
        number=number,
        in_force=in_force,
        draft=draft,
        guests=guests,
    )
