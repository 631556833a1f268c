"""From a request to a kept quote, whatever the CRM does."""

from datetime import timedelta

import pytest

from cellarhand.domain.customers.customer import Customer, Membership, MembershipStatus
from cellarhand.domain.discounts.quotes.quote_record import QuoteRecord
from cellarhand.domain.discounts.schema.versions import DiscountSchemaRecord
from cellarhand.domain.errors import (
    CellarhandError,
    CrmLoginRefusedError,
    CrmUnavailableError,
    NotFoundError,
    SettingsIncompleteError,
)
from cellarhand.domain.records import Key, Record
from cellarhand.domain.tenants.tenant import Provider
from cellarhand.ports.records import R
from cellarhand.use_cases.customers.recognise_guest import FoundGuest
from tests.unit.discounts.winery import TENANT, Winery

GOLD = Customer(
    customer_id="customer-1",
    memberships=(Membership(club_id="club-1", club="Gold Club", status=MembershipStatus.ACTIVE),),
)
MEMBERS = {
    "id": "members",
    "name": "Members",
    "who": {"clubs_any": ["Gold Club"]},
    "benefit": {"kind": "percent_off", "percent": "20"},
}
ANNA = {"email": "Anna@Example.com"}
SILENCE = [
    CrmUnavailableError("silent"),
    CrmLoginRefusedError("refused"),
    SettingsIncompleteError("no login"),
]


def test_a_recognised_member_gets_the_member_price():
    winery = Winery()
    winery.write(MEMBERS)
    winery.find_guest.answer = FoundGuest(GOLD, ("customer-7",))
    quote = winery.quote(guest=ANNA)
    assert (quote.fees, quote.discount, quote.total, quote.currency) == (5000, 1000, 4000, "USD")
    assert quote.model_dump()["customer"] == {
        "recognised": True,
        "customer_id": "customer-1",
        "duplicates": ("customer-7",),
    }
    assert quote.model_dump()["flags"] == ("duplicate_customers",)
    assert winery.metrics.total("Quotes", outcome="discounted") == 1


def test_without_a_schema_there_are_no_rules():
    quote = Winery().quote()
    assert quote.total == 5000
    assert quote.model_dump()["rules"] == ()


@pytest.mark.parametrize("failure", SILENCE)
def test_a_silent_crm_costs_the_member_price_but_never_the_booking(failure: CellarhandError):
    winery = Winery()
    winery.write(MEMBERS)
    winery.find_guest.answer = failure
    quote = winery.quote(guest=ANNA).model_dump(mode="json")
    assert (quote["discount"], quote["flags"]) == (0, ["crm_lookup_unavailable"])
    assert quote["rules"][0]["reason"] == "crm_lookup_unavailable"
    assert quote["access"]["allowed"] is True
    assert winery.reported == [failure]


def test_a_silent_crm_shuts_invite_only_events():
    winery = Winery()
    winery.find_guest.answer = CrmUnavailableError("silent")
    quote = winery.quote(event_id="dinner", guest=ANNA)
    assert not quote.access.allowed
    assert winery.metrics.total("Quotes", outcome="not_open") == 1


def test_the_winery_may_refuse_while_its_crm_is_silent():
    winery = Winery(policy={"crm_unreachable": "refuse"})
    winery.find_guest.answer = CrmUnavailableError("silent")
    assert not winery.quote(guest=ANNA).access.allowed


def test_nobody_is_looked_up_without_a_guest_or_without_a_crm():
    winery, crmless = Winery(), Winery(provider=Provider.NONE)
    winery.quote()
    crmless.quote(guest=ANNA)
    assert winery.find_guest.timeouts == crmless.find_guest.timeouts == []


def test_the_look_up_gets_at_most_its_share_of_the_budget():
    winery = Winery()
    winery.quote(guest=ANNA)
    assert winery.find_guest.timeouts == [1.2]


def test_members_must_log_in_where_the_winery_says_so():
    winery = Winery(member_price_needs_login=True)
    winery.write(MEMBERS)
    winery.find_guest.answer = FoundGuest(GOLD)
    assert winery.quote(guest=ANNA, logged_in=False).total == 5000
    assert winery.quote(guest=ANNA, logged_in=True).total == 4000


def test_dates_of_booking_are_the_winerys_own():
    winery = Winery()
    friday_only = {"by": "booked_date", "from": "2026-06-05", "to": "2026-06-05"}
    winery.write(MEMBERS | {"who": {}, "when": {"valid": friday_only}})
    before_midnight_in_california, after = "2026-06-06T06:59:00Z", "2026-06-06T07:00:00Z"
    assert winery.quote(booked_at=before_midnight_in_california).discount == 1000
    assert winery.quote(booked_at=after).discount == 0


def test_booked_at_absent_means_now():
    winery = Winery()
    winery.write(MEMBERS | {"who": {}, "when": {"booked_days_ahead_min": 7, "booked_days_ahead_max": 7}})
    assert winery.quote().discount == 1000


def test_a_quote_holds_for_half_an_hour_and_is_kept_a_day_longer_without_the_guests_address():
    winery = Winery()
    quote = winery.quote(guest=ANNA)
    key = Key(f"T#{TENANT}", f"QUOTE#{quote.quote_id}")
    kept = winery.ledger.get(QuoteRecord, key)
    assert kept is not None
    assert kept.quote == quote
    assert "example.com" not in kept.model_dump_json()
    assert quote.expires_at == winery.clock.now() + timedelta(minutes=30)
    winery.clock.advance(seconds=30 * 60)
    assert winery.ledger.get(QuoteRecord, key) is not None
    winery.clock.advance(days=1)
    assert winery.ledger.get(QuoteRecord, key) is None


def test_a_widget_learns_money_promo_and_access_only():
    winery = Winery()
    winery.write(MEMBERS)
    winery.find_guest.answer = FoundGuest(GOLD)
    shown = winery.quote(guest=ANNA, anonymous=True).model_dump()
    money = {"fees", "guest_prices", "discount", "add_ons", "tax", "gratuity", "total", "currency"}
    assert set(shown) == money | {"promo", "access", "quote_id", "expires_at"}
    assert shown["access"] == {"allowed": True}


def test_a_new_version_of_the_schema_counts_at_once():
    winery = Winery()
    winery.write(MEMBERS | {"who": {}})
    assert winery.quote().discount == 1000
    winery.write(MEMBERS | {"who": {}, "benefit": {"kind": "percent_off", "percent": "50"}})
    assert winery.quote().discount == 2500


def test_a_version_is_read_once_however_many_quotes_it_prices():
    winery = Winery()
    winery.write(MEMBERS | {"who": {}})
    reads: list[type[Record]] = []
    read = winery.settings.get

    def counting(kind: type[R], key: Key) -> R | None:
        reads.append(kind)
        return read(kind, key)

    winery.settings.get = counting
    for _ in range(3):
        winery.quote()
    assert reads.count(DiscountSchemaRecord) == 1


def test_an_unknown_event_is_not_found():
    with pytest.raises(NotFoundError) as missing:
        Winery().quote(event_id="picnic")
    assert missing.value.stable_code == "event_not_found"
