"""What does this visit cost this guest? Through the real handler; the rules have their own tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from cellarhand.domain.customers.customer import Club, Customer, Membership, MembershipStatus
from cellarhand.domain.tenants.access_key import Role
from functions.discount_evaluation import app
from functions.settings import app as settings
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT, Answered, FakeContext, call
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import offer

ANNA = Customer(
    customer_id="7",
    email="anna.berg@example.com",
    memberships=(Membership(club_id="c1", club="Gold", status=MembershipStatus.ACTIVE),),
)
EVENT = json.loads(Path("events/discount_evaluation.json").read_text())
HALF_FOR_GOLD = {
    "rules": [
        {
            "id": "gold",
            "name": "Gold members",
            "who": {"clubs_any": ["Gold"]},
            "benefit": {"kind": "percent_off", "percent": "50"},
        }
    ]
}


@pytest.fixture
def crm(outside: FakeOutside) -> InMemoryCrm:
    """Oak Hollow offers a tasting at 50.00, half price for the club Gold, to which Anna belongs."""
    known = InMemoryCrm(customers=[ANNA], clubs=[Club(id="c1", name="Gold", active=True)])
    outside.crm.by_tenant[TENANT] = known
    offer(outside.settings, "tasting", fee=5000)
    written = call(settings.lambda_handler, "PUT /v1/discount-schema", body=HALF_FOR_GOLD)
    assert written.status == 200, written.body
    return known


def _quote(*, anonymous: bool = False, **changes: Any) -> Answered:
    body = {**json.loads(EVENT["body"]), **changes}
    return call(
        app.lambda_handler, "POST /v1/discounts/evaluate", role=Role.ENGINE, body=body, anonymous=anonymous
    )


@pytest.mark.usefixtures("crm")
def test_the_member_of_the_example_gets_the_members_price():
    answer = Answered(app.lambda_handler(EVENT, FakeContext()))
    assert answer.status == 200
    assert (answer.body["fees"], answer.body["discount"], answer.body["total"]) == (20000, 10000, 10000)
    assert answer.body["customer"] == {"recognised": True, "customer_id": "7", "duplicates": []}


@pytest.mark.usefixtures("crm")
def test_a_guest_is_recognised_by_the_id_that_staff_matched():
    assert _quote(guest={"customer_id": "7"}).body["customer"]["recognised"] is True
    assert _quote(guest={"customer_id": "8"}).body["customer"]["recognised"] is False


def test_two_records_of_one_email_are_flagged(crm: InMemoryCrm):
    crm.put_customer(Customer(customer_id="3", email=ANNA.email))
    quote = _quote().body
    assert quote["customer"] == {"recognised": True, "customer_id": "7", "duplicates": ["3"]}
    assert quote["flags"] == ["duplicate_customers"]


@pytest.mark.parametrize("step", [Step.UNAVAILABLE, Step.LOGIN_REFUSED])
def test_a_sick_crm_costs_the_members_price_and_not_the_booking(crm: InMemoryCrm, step: Step):
    crm.always("*", step)
    quote = _quote()
    assert (quote.status, quote.body["total"]) == (200, 20000)
    assert quote.body["flags"] == ["crm_lookup_unavailable"]


def test_while_the_breaker_is_open_a_quote_does_not_ask_the_crm(crm: InMemoryCrm):
    crm.always("*", Step.UNAVAILABLE)
    crm.calls.clear()
    for number in range(8):
        assert _quote(guest={"email": f"guest-{number}@example.com"}).status == 200
    assert len(crm.calls) == 5


@pytest.mark.usefixtures("crm")
def test_a_key_for_anonymous_quotes_learns_the_money_and_nothing_of_the_guest():
    quote = _quote(anonymous=True)
    assert quote.body["total"] == 10000
    assert not {"customer", "rules", "discounts", "flags", "allowances"} & set(quote.body)
    assert quote.body["access"] == {"allowed": True}


@pytest.mark.usefixtures("crm")
def test_an_unknown_event_is_not_found():
    assert _quote(event_id="never-was").body["code"] == "event_not_found"


def _need_a_login(outside: FakeOutside) -> None:
    decided = {"member_price_needs_login": True}
    assert call(settings.lambda_handler, "PUT /v1/settings", body=decided).status == 200


@pytest.mark.usefixtures("crm")
def test_an_address_that_was_only_typed_is_worth_nothing_where_members_must_log_in(outside: FakeOutside):
    _need_a_login(outside)
    typed, logged_in = _quote(logged_in=False), _quote(logged_in=True)
    assert (typed.body["total"], logged_in.body["total"]) == (20000, 10000)
    assert [rule["reason"] for rule in typed.body["rules"]] == ["login_required"]


@pytest.mark.usefixtures("crm")
def test_without_a_login_nobody_can_tell_a_member_from_a_stranger_by_the_price(outside: FakeOutside):
    _need_a_login(outside)
    member = _quote(logged_in=False, anonymous=True).body
    stranger = _quote(logged_in=False, anonymous=True, guest={"email": "nobody@example.com"}).body
    own = {"quote_id", "expires_at"}
    assert {k: v for k, v in member.items() if k not in own} == {
        k: v for k, v in stranger.items() if k not in own
    }


@pytest.mark.usefixtures("crm")
def test_an_anonymous_key_learns_no_name_and_no_id_whatever_the_guest(outside: FakeOutside):
    for guest in ({"email": ANNA.email}, {"customer_id": "7"}, {"email": "nobody@example.com"}):
        text = json.dumps(_quote(anonymous=True, guest=guest).body)
        assert "Gold" not in text
        assert "recognised" not in text
        assert "reason" not in json.dumps(_quote(anonymous=True, guest=guest).body["access"])


@pytest.mark.parametrize("anonymous", [False, True])
def test_with_a_silent_crm_an_invite_only_event_is_shut_and_an_open_one_sells(
    outside: FakeOutside, crm: InMemoryCrm, anonymous: bool
):
    dinner = {"name": "Dinner", "fee_per_guest": 9000, "invite_only": {"clubs_any": ["Gold"]}}
    call(settings.lambda_handler, "PUT /v1/events/{event_id}", path={"event_id": "dinner"}, body=dinner)
    assert _quote(event_id="dinner", anonymous=anonymous).body["access"]["allowed"] is True
    crm.always("*", Step.UNAVAILABLE)
    outside.clock.advance(seconds=31)
    shut, sold = _quote(event_id="dinner", anonymous=anonymous), _quote(anonymous=anonymous)
    assert (shut.status, shut.body["access"]["allowed"]) == (200, False)
    assert (sold.body["access"]["allowed"], sold.body["total"]) == (True, 20000)
    if not anonymous:
        assert shut.body["access"]["reason"] == "crm_lookup_unavailable"
        assert sold.body["flags"] == ["crm_lookup_unavailable"]


@pytest.mark.usefixtures("crm")
@pytest.mark.parametrize(("channel", "offered"), [("widget", False), ("back_office", True)])
def test_staff_are_offered_an_override_and_the_widget_is_not(
    outside: FakeOutside, channel: str, offered: bool
):
    dinner = {"name": "Dinner", "fee_per_guest": 9000, "invite_only": {"contact_types_any": ["Press"]}}
    call(settings.lambda_handler, "PUT /v1/events/{event_id}", path={"event_id": "dinner"}, body=dinner)
    access = _quote(event_id="dinner", channel=channel).body["access"]
    assert access == {"allowed": False, "reason": "invite_required", "override_offered": offered}
