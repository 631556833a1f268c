"""A winery at work: it takes bookings, and its runs turn them into orders."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from benchmarks.order_syncs.timed_crm import SKU
from benchmarks.order_syncs.virtual_time import BEGINS
from benchmarks.order_syncs.world import ORDER_SYNC, UPSERT, World
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from functions.customer_upsert import app as customer_upsert
from functions.order_sync import app as order_sync
from tests.fakes.http import http_event

EVENT = "tasting"
VISIT = "2026-06-06T14:00"
"""On the Saturday before."""
PUT = "PUT /v1/reservations/{reservation_id}"
BOOKS_ARE_DUE_WITHIN = 2 * 86_400
"""Seconds after a run: its late audit a day after it, and the night's comparison."""
SCHEDULE = {"enabled": True, "daily_at": "21:00", "days_after_visit": 1}


class Winery:
    """A tenant of a world. Ids have one length each, so that no item's size hangs on how many there are."""

    def __init__(self, world: World, number: int = 0) -> None:
        self.world = world
        self.tenant_id = f"winery-{number:06d}"

    def take_on(self) -> None:
        """Store it, its settings and its event, and switch its schedule on."""
        self.world.settings.save_all(self.onboarded())
        self.world.schedule_items.write(self.tenant_id, SCHEDULE)

    def onboarded(self) -> list[TenantRecord | SettingsRecord | EventRecord]:
        """What the settings table has of it."""
        tenant = TenantRecord(
            tenant_id=self.tenant_id,
            name="Valley Cellars",
            timezone="America/Los_Angeles",
            currency="USD",
            provider=Provider.VINSUITE,
            crm_environment=CrmEnvironment.SANDBOX,
            hash_key="a-key-of-this-winery",
            created_at=BEGINS,
        )
        body = EventBody(name="Cellar tasting", sku=SKU, fee_per_guest=4000)
        event = EventRecord(tenant_id=self.tenant_id, event_id=EVENT, event=body)
        decided = SettingsRecord(
            tenant_id=self.tenant_id, settings=Settings(), written_by="anna", written_at=BEGINS
        )
        return [tenant, decided, event]

    def book(self, reservation_id: str, email: str, **changes: Any) -> Any:
        """The engine reports a paid visit."""
        event = http_event(
            PUT,
            role=Role.ENGINE,
            tenant=self.tenant_id,
            path={"reservation_id": reservation_id},
            body=snapshot(email, **changes),
        )
        answer = self.world.invoke(UPSERT, customer_upsert.lambda_handler, event)
        if answer["statusCode"] != 200:
            raise AssertionError(answer["body"])
        return json.loads(answer["body"])

    def sync(self, at: datetime | None = None) -> None:
        """The clock strikes, and all that follows from it."""
        now = at or self.world.clock.now()
        event = {"job": "order_sync", "tenant_id": self.tenant_id, "scheduled_time": now.isoformat()}
        self.world.invoke(ORDER_SYNC, order_sync.lambda_handler, event)
        self.world.work_off()

    def run_checks(self) -> None:
        """The night after: the sweeper finds what is due of the books, and the runner does it."""
        self.world.clock.pause(BOOKS_ARE_DUE_WITHIN)
        self.world.hints.order_sync(self.tenant_id)
        self.world.work_off()

    def check_synced(self, reservation_ids: Iterable[str]) -> None:
        """All of them are orders in the CRM by now."""
        for reservation_id in reservation_ids:
            key: Key = reservation_key(self.tenant_id, reservation_id)
            record = self.world.ledger.get(ReservationRecord, key)
            if record is None or record.order.state is not OrderState.SYNCED:
                raise AssertionError(f"{reservation_id} of {self.tenant_id} is not synced: {record}")

    @property
    def partition(self) -> str:
        """Of everything it has."""
        return tenant_partition(self.tenant_id)


def snapshot(email: str, **changes: Any) -> dict[str, Any]:
    """What an engine knows of an ordinary visit for two."""
    return {
        "sequence": 1,
        "state": "completed",
        "event_id": EVENT,
        "starts_at": VISIT,
        "booked_at": "2026-06-01T18:30:00Z",
        "party_size": 2,
        "booking_source": "WGT",
        "guest": {
            "email": email,
            "first_name": "Anna",
            "last_name": "Berg",
            "phone": "+1 707 555 0142",
        },
        "fee_per_guest": 4000,
        "add_ons": [{"sku": "TASTING", "name": "Cheese board", "quantity": 1, "unit_price": 1800}],
        "tax": 780,
        "gratuity": 0,
        "total": 10580,
        "paid": 10580,
        **changes,
    }
