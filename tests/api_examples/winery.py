"""The winery of the examples: its CRM, and one visit in many states."""

from datetime import date
from typing import Any

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.customers.customer import Club, ContactType, Customer, Membership, MembershipStatus
from functions.order_sync_runner import app as order_sync_runner
from tests.api_examples.recorder import TENANT, Recorder
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import FakeContext
from tests.fakes.outside import FakeOutside
from tests.fakes.workers import OneByOne

FOUNDERS = Club(id="club-1", name="Founders Circle", active=True)
ESTATE = Club(id="club-2", name="Estate Club", active=True)
TRADE = ContactType(id="type-1", name="Trade")
ADA = Customer(
    customer_id="c-1",
    email="ada.abernathy@example.com",
    first_name="Ada",
    last_name="Abernathy",
    contact_types=(TRADE,),
    memberships=(
        Membership(
            club_id=FOUNDERS.id,
            club=FOUNDERS.name,
            status=MembershipStatus.ACTIVE,
            joined_on=date(2024, 3, 1),
        ),
    ),
)
TASTING = {
    "name": "Estate Tasting",
    "sku": "TASTE-ESTATE",
    "fee_per_guest": 3500,
    "tax_percent": "8.25",
    "tags": ["tasting"],
}
DINNER = {
    "name": "Library Dinner",
    "sku": "DINNER-LIBRARY",
    "fee_per_guest": 19500,
    "tax_percent": "8.25",
    "tags": ["dinner"],
    "invite_only": {"clubs_any": ["Founders Circle"], "contact_types_any": ["Trade"]},
}
SETTINGS = {
    "order_date": "booked_date",
    "pickup_date": "event_date",
    "order_prefix": "LR-",
    "gratuity_sku": "GRATUITY",
    "existing_customer": "leave_alone",
}
SCHEMA = {
    "rules": [
        {
            "id": "founders-half",
            "name": "Founders Circle: half price for up to four guests",
            "active": True,
            "priority": 10,
            "who": {"clubs_any": ["Founders Circle"]},
            "what": {"event_tags": ["tasting"]},
            "benefit": {"kind": "percent_off", "percent": "50", "rounds": "per_guest"},
            "guests_covered_max": 4,
        },
        {
            "id": "harvest-code",
            "name": "Code HARVEST10: 10 % off for everybody",
            "active": True,
            "priority": 50,
            "what": {"events": "all"},
            "benefit": {"kind": "percent_off", "percent": "10", "rounds": "per_reservation"},
            "code": "HARVEST10",
        },
    ]
}
VISIT = {"event_id": "estate-tasting", "starts_at": "2026-06-05T11:00", "party_size": 2, "channel": "widget"}
HINT = {"Records": [{"messageId": "m-1", "body": f'{{"tenant_id": "{TENANT}"}}'}]}


class ExampleWinery(Recorder):
    """Functions, store and CRM in memory; the clock stands still, and one thing happens after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.world = FakeOutside()
        self.world.workers = OneByOne(self.world.clock)
        self.crm = self.world.crm.crm = InMemoryCrm(
            customers=[ADA],
            clubs=[FOUNDERS, ESTATE],
            contact_types=[TRADE],
            skus={"TASTE-ESTATE", "DINNER-LIBRARY", "GRATUITY"},
            now=self.world.clock.now,
        )
        run_in(self.world)

    def run_orders(self) -> None:
        """The queue's function takes the hint of a sync run."""
        order_sync_runner.lambda_handler(HINT, FakeContext(60))


def snapshot(**changes: Any) -> dict[str, Any]:
    """Two guests at the tasting; paid."""
    return {
        "sequence": 1,
        "number": 1001,
        "state": "completed",
        "event_id": "estate-tasting",
        "starts_at": "2026-06-05T11:00",
        "booked_at": "2026-05-20T17:30:00Z",
        "party_size": 2,
        "booking_source": "WGT",
        "guest": {
            "email": "nora.newcomer@example.com",
            "first_name": "Nora",
            "last_name": "Newcomer",
            "phone": "555-0191",
        },
        "guest_note": "Window seat, please",
        "fee_per_guest": 3500,
        "tax": 578,
        "total": 7578,
        "paid": 7578,
        **changes,
    }
