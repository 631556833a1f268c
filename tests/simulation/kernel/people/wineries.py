"""Wineries to simulate: taken on, with an event to book, a login, and a CRM of their own."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from tests.simulation.kernel.judge.crm_book import CrmBook

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.world import World

TAKEN_ON = datetime(2026, 1, 1, tzinfo=UTC)
EVENT = EventBody(name="Cellar tasting", sku="TASTING", fee_per_guest=4000)


def take_on(world: "World", tenant_id: str, **decided: Any) -> None:
    """Everything that a winery needs before its first booking; what it sells is nobody else's."""
    tenant = TenantRecord(
        tenant_id=tenant_id,
        name=tenant_id,
        timezone="America/Los_Angeles",
        currency="USD",
        provider=Provider.VINSUITE,
        crm_environment=CrmEnvironment.SANDBOX,
        hash_key=f"the key of {tenant_id}",
        created_at=TAKEN_ON,
    )
    settings = SettingsRecord(
        tenant_id=tenant_id, settings=Settings(**decided), written_by="test", written_at=TAKEN_ON
    )
    sku = f"TASTING-{tenant_id}"
    event = EventRecord(tenant_id=tenant_id, event_id="cellar", event=EVENT.model_copy(update={"sku": sku}))
    world.settings.save_all([tenant, settings, event])
    world.vault.write(tenant_id, "user", "first")
    world.crms[tenant_id] = CrmBook(world.clock, lambda: world.hub.now, {sku})


def snapshot(
    number: int, *, guest: str | None = None, sequence: int = 1, party: int = 2, **changes: Any
) -> Any:
    """A paid visit of yesterday; `number` is the engine's own, and makes the guest's name."""
    name = guest or f"guest{number}"
    total = party * EVENT.fee_per_guest
    return {
        "sequence": sequence,
        "number": number,
        "state": "completed",
        "event_id": "cellar",
        "starts_at": "2026-06-05T11:00",
        "booked_at": "2026-06-01T05:30:00Z",
        "party_size": party,
        "booking_source": "WGT",
        "guest": {"email": f"{name}@example.com", "first_name": "Anna", "last_name": name.title()},
        "fee_per_guest": EVENT.fee_per_guest,
        "total": total,
        "paid": total,
        **changes,
    }
