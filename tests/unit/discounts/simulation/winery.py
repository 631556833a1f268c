"""A winery with half price for the Gold Club in force, a staff key, and guests who have been there."""

from typing import Any

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.customers.customer import Club, ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.reservations.reservation import CustomerProgress, CustomerState
from functions.discount_evaluation import app as evaluation
from functions.settings import app as settings
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT, Answered, FakeContext, call
from tests.fakes.outside import FakeCrmGateways, FakeOutside
from tests.fakes.tenants import offer, take_on
from tests.unit.order_sync.given import reservation

GOLD = Club(id="c1", name="Gold", active=True)
SILVER = Club(id="c2", name="Silver", active=True)
TRADE = ContactType(id="t1", name="Trade")
ANNA = Customer(
    customer_id="anna",
    email="anna.berg@example.com",
    memberships=(Membership(club_id="c1", club="Gold", status=MembershipStatus.ACTIVE),),
)
VISIT = {"event_id": "tasting", "starts_at": "2026-06-20T14:00", "party_size": 2, "channel": "widget"}


def rule(percent: int, id_: str = "gold", **parts: Any) -> dict[str, Any]:
    """So much off, for the Gold Club unless `parts` say otherwise."""
    benefit = {"kind": "percent_off", "percent": str(percent)}
    return {"id": id_, "name": id_, "who": {"clubs_any": ["Gold"]}, "benefit": benefit, **parts}


class Winery:
    """The event `tasting` costs 50.00 a guest."""

    def __init__(self, *rules: dict[str, Any]) -> None:
        self.crm = InMemoryCrm(customers=[ANNA], clubs=[GOLD, SILVER], contact_types=[TRADE])
        self.world = FakeOutside(crm=FakeCrmGateways(self.crm))
        take_on(self.world.settings)
        take_on(self.world.settings, "birch-hill")
        offer(self.world.settings, "tasting", fee=5000)
        run_in(self.world)
        self.put_in_force(*(rules or (rule(50),)))

    def put_in_force(self, *rules: dict[str, Any]) -> None:
        """Another version of the schema."""
        written = call(settings.lambda_handler, "PUT /v1/discount-schema", body={"rules": rules})
        assert written.status == 200, written.body

    def visited(
        self, reservation_id: str, *, rule: str | None = None, customer: str | None = None, **changes: Any
    ) -> None:
        """Somebody was here yesterday, for two at 50.00; with `rule`, at half price by that rule."""
        given = {"discounts": [{"rule": rule, "guests": 2, "amount": 5000}]} if rule else {}
        usual = {"event_id": "tasting", "fee_per_guest": 5000}
        progress = CustomerProgress(state=CustomerState.LINKED, customer_id=customer)
        record = reservation(
            reservation_id, tenant_id=TENANT, customer=progress, snapshot=usual | given | changes
        )
        self.world.ledger.save(record)

    def simulate(self, *rules: dict[str, Any], seconds_left: float = 29, **parts: Any) -> Answered:
        """Try these rules as a draft."""
        body = {"draft": {"rules": rules}, **parts}
        return call(
            evaluation.lambda_handler,
            "POST /v1/discounts/simulate",
            body=body,
            context=FakeContext(seconds_left),
        )

    def replay(self, *rules: dict[str, Any], seconds_left: float = 29, **parts: Any) -> dict[str, Any]:
        """What they would have changed."""
        answer = self.simulate(*rules, seconds_left=seconds_left, replay=parts)
        assert answer.status == 200, answer.body
        report: dict[str, Any] = answer.body
        return report

    def writes(self) -> list[int]:
        """How often each table was written to."""
        world = self.world
        return [len(table.writes) for table in (world.settings, world.ledger, world.access, world.audit)]
