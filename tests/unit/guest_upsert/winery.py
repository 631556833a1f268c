"""A winery whose booking engine reports reservations and whose queue is worked off, in memory."""

import json
from collections.abc import Callable
from typing import Any

from cellarhand.bootstrap import reservations
from cellarhand.bootstrap.outside import Outside, run_in
from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.records import DUE_SHARDS
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from cellarhand.ports.records import Records
from functions.customer_upsert import app as customer_upsert
from functions.customer_upsert_retry import app as customer_upsert_retry
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import Answered, FakeContext, call
from tests.fakes.outside import FakeCrmGateways, FakeOutside
from tests.unit.guest_upsert.mortal_records import MortalRecords

TENANT = "oak-hollow"
EMAIL = "ada@example.com"
GUEST = {"email": EMAIL, "first_name": "Ada", "last_name": "Byron"}
ADA = Customer(customer_id="c-1", email=EMAIL, first_name="Ada", last_name="Byron")
STAFF = Caller(key_id="staffkey", role=Role.STAFF, tenant_id=TENANT)
PUT = "PUT /v1/reservations/{reservation_id}"
AN_HOUR_AND_A_HALF = 5400


class Winery:
    """Handlers are called as AWS calls them; `crm` is the winery's own, with its own book."""

    def __init__(self, *, provider: Provider = Provider.VINSUITE, **settings: Any) -> None:
        self.crm = InMemoryCrm(before_call=self._before_call)
        self.world = FakeOutside(crm=FakeCrmGateways(self.crm))
        self.clock = self.world.clock
        self.ledger = self.world.ledger = MortalRecords(self.clock)
        self.during: dict[str, Callable[[], object]] = {}
        self._set_up(self.world.settings, provider, Settings.model_validate(settings))
        run_in(self.world)

    def move_to(self, world: Outside) -> None:
        """Onboarded anew in another outside world, with the settings' defaults."""
        self._set_up(world.settings, Provider.VINSUITE, Settings())
        run_in(world)

    def put(self, reservation_id: str = "r-1", **changes: Any) -> Answered:
        """The engine reports a reservation; `changes` to an ordinary snapshot."""
        return call(
            customer_upsert.lambda_handler,
            PUT,
            role=Role.ENGINE,
            tenant=TENANT,
            path={"reservation_id": reservation_id},
            body=snapshot(**changes),
        )

    def retry(self, reservation_id: str = "r-1", **corrected: Any) -> ReservationRecord:
        """Staff try again, with the guest corrected."""
        return reservations.retry_reservation()(
            STAFF, TENANT, reservation_id, Guest.model_validate(corrected)
        )

    def receive(self, *bodies: str, seconds_left: float = 60) -> list[str]:
        """The queue delivers; answers the ids (`m-0`, `m-1`, ...) of messages that failed."""
        records = [{"messageId": f"m-{n}", "body": body} for n, body in enumerate(bodies)]
        answer = customer_upsert_retry.lambda_handler({"Records": records}, FakeContext(seconds_left))
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def hint(self, *reservation_ids: str) -> str:
        """A message's body; of the reservation r-1, if none is named."""
        return json.dumps({"tenant_id": TENANT, "reservation_ids": reservation_ids or ["r-1"]})

    def work_until_quiet(self, *, step: float = 500) -> None:
        """Let time pass in steps, the sweeper's way, until no guest waits; late calls land in time."""
        for _ in range(200):
            self.do_what_is_due()
            if not self.due(within=AN_HOUR_AND_A_HALF):
                return
            self.clock.advance(seconds=step)
            self.crm.release()
        raise AssertionError("work never ends")

    def do_what_is_due(self) -> None:
        """One sweep: every due reservation's hint is delivered."""
        assert self.receive(*(self.hint(reservation_id) for reservation_id in self.due())) == []

    def due(self, *, within: float = 0) -> list[str]:
        """Reservations whose guest is due by now, or within so many seconds."""
        until = self.clock.now().timestamp() + within
        instant = self.clock.now().fromtimestamp(until, tz=self.clock.now().tzinfo)
        waiting = [work for shard in range(DUE_SHARDS) for work in self.ledger.due(shard, instant)]
        return sorted(work.key.sort.removeprefix("RES#") for work in waiting)

    def record(self, reservation_id: str = "r-1") -> ReservationRecord:
        """As the ledger has it."""
        record = self.ledger.get(ReservationRecord, reservation_key(TENANT, reservation_id))
        assert record is not None
        return record

    def customers(self) -> list[str]:
        """Ids in the CRM's own book of whoever has Ada's e-mail."""
        return [customer.customer_id for customer in self.crm.customers if customer.email == EMAIL]

    def settle_time(self) -> float:
        """Seconds."""
        return self.world.timers.settle.total_seconds()

    def add_event(self, event_id: str = "tasting", **changes: Any) -> None:
        """Staff describe an event."""
        body = {"name": "Tasting", "sku": "TASTING", "fee_per_guest": 4000, **changes}
        event = EventBody.model_validate(body)
        self.world.settings.save(EventRecord(tenant_id=TENANT, event_id=event_id, event=event))

    def _before_call(self, method: str) -> None:
        """Whatever the test wants to happen just before a CRM call, once."""
        if happening := self.during.pop(method, None):
            happening()

    def _set_up(self, into: Records, provider: Provider, settings: Settings) -> None:
        now = self.clock.now()
        into.save(
            TenantRecord(
                tenant_id=TENANT,
                name="Oak Hollow",
                timezone="America/Los_Angeles",
                currency="USD",
                provider=provider,
                crm_environment=CrmEnvironment.SANDBOX,
                hash_key="a-key-of-this-winery",
                created_at=now,
            )
        )
        stored = SettingsRecord(tenant_id=TENANT, settings=settings, written_by="test", written_at=now)
        into.save(stored)


def snapshot(**changes: Any) -> dict[str, Any]:
    """A paid tasting for two, as JSON."""
    return {
        "sequence": 1,
        "state": "confirmed",
        "event_id": "tasting",
        "starts_at": "2026-06-20T14:00",
        "booked_at": "2026-06-06T12:00:00Z",
        "party_size": 2,
        "booking_source": "WGT",
        "guest": GUEST,
        "fee_per_guest": 4000,
        "total": 8000,
        "paid": 8000,
        **changes,
    }
