"""A winery that gives guests away: up to four free a month to each member, and a code for the first few."""

from typing import Any

from cellarhand.bootstrap import discounts
from cellarhand.domain.customers.customer import Club, Membership, MembershipStatus
from cellarhand.domain.discounts.allowance import AllowanceRecord
from cellarhand.domain.discounts.quote import Quote
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.schema.versions import (
    CurrentSchemaRecord,
    DiscountSchemaRecord,
    current_schema_key,
)
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.tenants.event import EventRecord, event_key
from tests.fakes.http import Answered
from tests.unit.guest_upsert.winery import ADA, EMAIL, GUEST, TENANT, Winery

FEE = 4000
FREE = {
    "id": "free",
    "name": "Friends of the house",
    "benefit": {"kind": "free_guests", "guests": 4},
    "limit_per_member": {"counts": "guests", "maximum": 4, "period": "calendar_month"},
}
UNLIMITED = {name: value for name, value in FREE.items() if name != "limit_per_member"}
HALF = {
    "id": "half",
    "name": "Half price",
    "code": "HALF",
    "code_limit_total": 3,
    "benefit": {"kind": "percent_off", "percent": "50"},
}
GOLD = {
    "id": "gold",
    "name": "Gold members",
    "who": {"clubs_any": ["Gold"]},
    "benefit": {"kind": "percent_off", "percent": "20"},
}
MEMBER = ADA.model_copy(
    update={
        "memberships": (Membership(club_id="c1", club="Gold", status=MembershipStatus.ACTIVE),),
    }
)
JULY = "2026-07-04T14:00"


def guest(number: int) -> dict[str, Any]:
    """Somebody else each time."""
    return {**GUEST, "email": f"guest-{number}@example.com"}


class Visits(Winery):
    """Bookings and quotes of one event at 40.00, under the rules given."""

    def __init__(self, *rules: dict[str, Any], **settings: Any) -> None:
        super().__init__(**settings)
        self.add_event()
        self.rule(*(rules or (FREE, HALF)))

    def rule(self, *rules: dict[str, Any]) -> None:
        """Put rules in force."""
        document = DiscountSchema.model_validate({"rules": list(rules)})
        discounts.write_schema()(TENANT, document, written_by="anna", if_match=None)

    def rule_unchecked(self, *rules: dict[str, Any]) -> None:
        """Rules that a CRM of another kind would allow."""
        document = DiscountSchema.model_validate({"rules": list(rules)})
        meanings = Meanings(clubs={"Gold": "c1"})
        written: dict[str, Any] = {"written_by": "anna", "written_at": self.clock.now()}
        record = DiscountSchemaRecord(
            tenant_id=TENANT, number=9, document=document, meanings=meanings, **written
        )
        current = self.world.settings.get(CurrentSchemaRecord, current_schema_key(TENANT))
        assert current is not None
        self.world.settings.save_all([record, current.model_copy(update={"number": 9})])

    def make_dearer(self, *, by: int) -> None:
        """Staff raise the event's fee."""
        record = self.world.settings.get(EventRecord, event_key(TENANT, "tasting"))
        assert record is not None
        event = record.event.model_copy(update={"fee_per_guest": record.event.fee_per_guest + by})
        self.world.settings.save(record.model_copy(update={"event": event}))

    def quote(self, party: int = 2, *, code: str | None = None, **changes: Any) -> Quote:
        """For Ada, unless another guest is named."""
        usual = {
            "event_id": "tasting",
            "starts_at": "2026-06-20T14:00",
            "party_size": party,
            "channel": "widget",
            "guest": {"email": EMAIL},
            "promo_code": code,
        }
        quote = discounts.evaluate_discounts()(TENANT, DiscountRequest.model_validate(usual | changes))
        assert isinstance(quote, Quote)
        return quote

    def book(self, reservation_id: str = "r-1", *, free: int = 0, party: int = 2, **changes: Any) -> Answered:
        """So many of a party come free by the rule `free`."""
        lines = [{"rule": "free", "guests": free, "amount": FEE * free}] if free else []
        return self._put(reservation_id, party, lines, **changes)

    def book_with_code(self, reservation_id: str = "r-1", **changes: Any) -> Answered:
        """Two at half price."""
        lines = [{"rule": "half", "guests": 2, "amount": FEE}]
        return self._put(reservation_id, 2, lines, **{"promo_code": "half", **changes})

    def sums(self) -> dict[str, int]:
        """What is used of each allowance under any name, by subject and period."""
        page = self.ledger.list_records(AllowanceRecord, tenant_partition(TENANT), "ALLOWANCE#", limit=1000)
        found: dict[str, int] = {}
        for each in page.items:
            name = f"{each.subject} {each.period}"
            found[name] = found.get(name, 0) + each.used
        return {name: used for name, used in found.items() if used}

    def _put(self, reservation_id: str, party: int, lines: list[dict[str, Any]], **changes: Any) -> Answered:
        total = FEE * party - sum(line["amount"] for line in lines)
        money = {"party_size": party, "discounts": lines, "total": total, "paid": total}
        answer = self.put(reservation_id, **{**money, **changes})
        assert answer.status == 200, answer.body
        return answer


def answered(answer: Answered) -> list[tuple[str, int, int, int]]:
    """Rule, asked, granted, left."""
    return [(a["rule"], a["asked"], a["granted"], a["left"]) for a in answer.body["allowances"]]


def accept(visits: Visits, quote: Quote, reservation_id: str = "r-1", **changes: Any) -> Answered:
    """Book exactly what was quoted, with changes."""
    lines = [line.model_dump(include={"rule", "guests", "amount"}) for line in quote.discounts]
    body = {
        "party_size": quote.fees // FEE,
        "discounts": lines,
        "total": quote.total,
        "paid": quote.total,
        "quote_id": quote.quote_id,
    }
    answer = visits.put(reservation_id, **{**body, **changes})
    assert answer.status == 200, answer.body
    return answer


def a_gold_member() -> Visits:
    """Ada belongs to the club, whose members pay 20 % less."""
    visits = Visits(FREE)
    visits.crm.clubs = [Club(id="c1", name="Gold", active=True)]
    visits.crm.put_customer(MEMBER)
    visits.rule(GOLD)
    return visits
