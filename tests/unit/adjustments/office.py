"""A winery whose reservations are in the CRM, and whose staff carry later changes over by hand."""

from typing import Any

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.reservations.order_lifecycle import ReviewDecision
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.use_cases.tenants.read_tenant import settings_record
from functions.customer_upsert import app as customer_upsert
from functions.order_sync import app as order_sync
from functions.order_sync_runner import app as order_sync_runner
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT, Answered, FakeContext, call
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on
from tests.unit.guest_upsert.winery import snapshot

EVENT = EventBody(name="Tasting", sku="TASTING", fee_per_guest=4000)
DEARER = {"fee_per_guest": 5000, "total": 10_000, "paid": 10_000}
CANCELLED = {"state": "cancelled"}
HINT = {"Records": [{"messageId": "m-1", "body": f'{{"tenant_id": "{TENANT}"}}'}]}


class Office:
    """Functions are called as AWS calls them."""

    def __init__(self, *, orders: int = 1) -> None:
        self.world = FakeOutside()
        self.clock = self.world.clock
        self.crm = self.world.crm.crm = InMemoryCrm(skus={"TASTING", "OTHER"}, now=self.clock.now)
        take_on(self.world.settings)
        self.describe("tasting", EVENT)
        run_in(self.world)
        for number in range(1, orders + 1):
            self.put(f"r-{number}", sequence=1)
        self.sync()

    def describe(self, event_id: str, event: EventBody) -> None:
        """Staff describe an event for the first time."""
        self.world.settings.save(EventRecord(tenant_id=TENANT, event_id=event_id, event=event))

    def decide(self, **settings: Any) -> None:
        """Staff change settings."""
        record = settings_record(self.world.settings, TENANT)
        changed = SettingsRecord(
            tenant_id=TENANT,
            version=record.version,
            settings=Settings(**settings),
            written_by="test",
            written_at=self.clock.now(),
        )
        self.world.settings.save(changed)

    def put(self, reservation_id: str = "r-1", **changes: Any) -> Answered:
        """The engine reports a reservation, some seconds later."""
        self.clock.advance(seconds=1)
        return call(
            customer_upsert.lambda_handler,
            "PUT /v1/reservations/{reservation_id}",
            role=Role.ENGINE,
            tenant=TENANT,
            path={"reservation_id": reservation_id},
            body=snapshot(**changes),
        )

    def sync(self) -> None:
        """A run by hand, drained once."""
        assert self.staff("POST /v1/order-syncs", body={"event_ids": ["tasting"]}).status == 202
        order_sync_runner.lambda_handler(HINT, FakeContext(60))

    def send_without_an_answer(self) -> None:
        """A reservation whose order is executed, and nobody knows."""
        self.crm.script("create_order", Step.UNKNOWN_EXECUTED)
        self.put("r-9", sequence=1)
        self.sync()

    def settle(self) -> None:
        """What was sent can be read back."""
        self.clock.advance(seconds=self.world.timers.settle.total_seconds())
        order_sync_runner.lambda_handler(HINT, FakeContext(60))

    def choose(self, reservation_id: str, order: ReviewDecision, **named: str) -> Answered:
        """Staff settle a review."""
        return self.retry(reservation_id, order=order, **named)

    def retry(self, reservation_id: str = "r-1", **body: Any) -> Answered:
        """Staff try a reservation again, perhaps with the guest corrected."""
        route = "POST /v1/reservations/{reservation_id}/retry"
        return self.staff(route, body=body, path={"reservation_id": reservation_id})

    def listed(self, state: str = "open", **query: str) -> list[dict[str, Any]]:
        """Adjustments as staff see them."""
        found: list[dict[str, Any]] = self.page(state, **query).body["adjustments"]
        return found

    def page(self, state: str = "open", **query: str) -> Answered:
        """One page of them."""
        return self.staff("GET /v1/adjustments", query={"state": state, **query})

    def the_only_one(self, state: str = "open") -> dict[str, Any]:
        """The adjustment in that state."""
        (adjustment,) = self.listed(state)
        return adjustment

    def resolve(self, adjustment_id: str, tenant: str = TENANT, **body: Any) -> Answered:
        """Staff say that it is done: what they are shown, unless they name another revision."""
        shown = (each["revision"] for each in self.listed("all") if each["adjustment_id"] == adjustment_id)
        return self.staff(
            "POST /v1/adjustments/{adjustment_id}/resolve",
            tenant=tenant,
            path={"adjustment_id": adjustment_id},
            body={"note": "Voided and entered again.", "revision": next(shown, 1), **body},
        )

    def staff(self, route: str, **parts: Any) -> Answered:
        """Some request of theirs."""
        return call(order_sync.lambda_handler, route, **{"tenant": TENANT, **parts})

    def record(self, reservation_id: str = "r-1") -> ReservationRecord:
        """As the ledger has it."""
        found = self.world.ledger.get(ReservationRecord, reservation_key(TENANT, reservation_id))
        assert found is not None
        return found


def parts_of(adjustment: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs: before and after."""
    return {change["part"]: (change["before"], change["after"]) for change in adjustment["changes"]}
