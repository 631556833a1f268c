"""Who is this person? Through the real handler, with a CRM in memory."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from cellarhand.domain.customers.customer import Club, ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.settings import Policy, Settings, SettingsRecord
from cellarhand.use_cases.tenants.read_tenant import settings_record
from functions.customer_lookup import app
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT, Answered, FakeContext, call
from tests.fakes.outside import FakeOutside

SEARCH = "POST /v1/customers/search"
ANNA = Customer(
    customer_id="7",
    email="anna.berg@example.com",
    first_name="Anna",
    last_name="Müller-Berg",
    contact_types=(ContactType(id="t1", name="Trade"),),
    memberships=(Membership(club_id="c1", club="Gold", status=MembershipStatus.ACTIVE),),
)
ON_HOLD = Membership(club_id="c2", club="Silver", status=MembershipStatus.ON_HOLD)


@pytest.fixture
def crm(outside: FakeOutside) -> InMemoryCrm:
    outside.crm.by_tenant[TENANT] = InMemoryCrm(customers=[ANNA])
    return outside.crm.by_tenant[TENANT]


def _search(tenant: str = TENANT, **criteria: Any) -> Answered:
    return call(app.lambda_handler, SEARCH, role=Role.ENGINE, tenant=tenant, body=criteria)


def _found(answer: Answered) -> list[str]:
    return [customer["customer_id"] for customer in answer.body["customers"]]


@pytest.mark.usefixtures("crm")
def test_the_guest_of_the_example_is_recognised_with_club_and_contact_type():
    event = json.loads(Path("events/customer_lookup.json").read_text())
    answer = Answered(app.lambda_handler(event, FakeContext()))
    assert answer.body["customers"] == [
        {
            "customer_id": "7",
            "email": "anna.berg@example.com",
            "first_name": "Anna",
            "last_name": "Müller-Berg",
            "phone": None,
            "address": None,
            "contact_types": [{"id": "t1", "name": "Trade"}],
            "memberships": [{"club_id": "c1", "club": "Gold", "status": "active", "benefits": True}],
            "duplicates": [],
        }
    ]


@pytest.mark.usefixtures("crm")
@pytest.mark.parametrize("name", ["Müller-Berg", "muller-berg", " MULLER-BERG "])
def test_a_last_name_is_found_whatever_its_case_and_accents(name: str):
    assert _found(_search(last_name=name)) == ["7"]


def test_a_crm_that_minds_accents_is_asked_for_the_name_as_it_was_typed(crm: InMemoryCrm):
    _search(last_name=" Müller-Berg ")
    assert crm.calls_of("find_customers")[0].arguments["last_name"] == "Müller-Berg"


def test_with_a_key_for_anonymous_quotes_nobody_learns_who_is_a_customer(crm: InMemoryCrm):
    wanted: dict[str, dict[str, Any]] = {
        SEARCH: {"body": {"email": ANNA.email}},
        "GET /v1/customers/{customer_id}": {"path": {"customer_id": "7"}},
    }
    for route, parts in wanted.items():
        answer = call(app.lambda_handler, route, role=Role.ENGINE, anonymous=True, **parts)
        assert (answer.status, answer.body["code"]) == (403, "anonymous_key")
    assert crm.calls == []


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"email": "anna.berg@example.com", "last_name": "Berg"},
        {"email": "anna.berg"},
        {"email": "anna@berg@example.com"},
        {"email": "a" * 400 + "@example.com"},
        {"email": 7},
        {"last_name": " "},
        {"email": "anna.berg@example.com", "shoe_size": 38},
    ],
)
def test_a_search_that_makes_no_sense_is_refused_without_asking_the_crm(
    crm: InMemoryCrm, criteria: dict[str, Any]
):
    answer = _search(**criteria)
    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert crm.calls == []


def test_several_records_of_one_email_are_ranked_and_flagged(crm: InMemoryCrm):
    older = ANNA.model_copy(update={"customer_id": "9", "memberships": ()})
    newer = older.model_copy(update={"customer_id": "3", "modified_at": datetime(2026, 1, 1, tzinfo=UTC)})
    crm.put_customer(older)
    crm.put_customer(newer)
    answer = _search(email=ANNA.email)
    assert _found(answer) == ["7", "3", "9"]
    assert answer.body["customers"][0]["duplicates"] == ["3", "9"]


@pytest.mark.parametrize(
    ("policy", "benefits"), [("not_active", False), ("keeps_benefits", True)], ids=["lost", "kept"]
)
def test_what_a_membership_on_hold_gives_is_the_winerys_policy(
    outside: FakeOutside, crm: InMemoryCrm, policy: Any, benefits: bool
):
    crm.put_customer(ANNA.model_copy(update={"memberships": (ON_HOLD,)}))
    before = settings_record(outside.settings, TENANT)
    decided = Settings(policy=Policy(membership_on_hold=policy))
    outside.settings.save(SettingsRecord(**{**dict(before), "settings": decided}))
    held = _search(email=ANNA.email).body["customers"][0]["memberships"][0]
    assert (held["status"], held["benefits"]) == ("on_hold", benefits)


@pytest.mark.usefixtures("crm")
def test_nobody_found_is_an_empty_answer():
    answer = _search(email="nobody@example.com")
    assert (answer.status, answer.body) == (200, {"customers": []})


@pytest.mark.parametrize(
    ("step", "code", "who_acts"),
    [(Step.UNAVAILABLE, "crm_unavailable", "nobody"), (Step.LOGIN_REFUSED, "crm_login_refused", "staff")],
)
def test_a_crm_that_fails_is_never_not_found(crm: InMemoryCrm, step: Step, code: str, who_acts: str):
    crm.always("*", step)
    by_email = _search(email=ANNA.email)
    by_id = call(app.lambda_handler, "GET /v1/customers/{customer_id}", path={"customer_id": "7"})
    for answer in (by_email, by_id):
        assert (answer.status, answer.body["code"], answer.body["who_acts"]) == (503, code, who_acts)


def test_an_answer_is_remembered_for_half_a_minute(outside: FakeOutside, crm: InMemoryCrm):
    _search(email=ANNA.email)
    outside.clock.advance(seconds=29)
    _search(email=" ANNA.BERG@example.com")
    assert len(crm.calls) == 1
    outside.clock.advance(seconds=1)
    _search(email=ANNA.email)
    assert len(crm.calls) == 2


def test_what_is_remembered_of_one_winery_is_not_shown_to_another(outside: FakeOutside, crm: InMemoryCrm):
    outside.crm.by_tenant["birch-hill"] = InMemoryCrm()
    assert _found(_search(email=ANNA.email)) == ["7"]
    assert _found(_search(tenant="birch-hill", email=ANNA.email)) == []


def test_a_failure_is_not_remembered(crm: InMemoryCrm):
    crm.script("find_customers", Step.UNAVAILABLE)
    assert _search(email=ANNA.email).status == 503
    assert _search(email=ANNA.email).status == 200


@pytest.mark.usefixtures("crm")
def test_one_customer_is_shown_by_id_or_not_found():
    shown = call(app.lambda_handler, "GET /v1/customers/{customer_id}", path={"customer_id": "7"})
    missing = call(app.lambda_handler, "GET /v1/customers/{customer_id}", path={"customer_id": "8"})
    assert shown.body["last_name"] == "Müller-Berg"
    assert (missing.status, missing.body["code"]) == (404, "customer_not_found")


def test_staff_see_the_clubs_and_contact_types_of_their_crm(crm: InMemoryCrm):
    crm.clubs.append(Club(id="c1", name="Gold", active=True))
    crm.contact_types.append(ContactType(id="t1", name="Trade"))
    clubs = call(app.lambda_handler, "GET /v1/clubs").body
    assert clubs == {"clubs": [{"id": "c1", "name": "Gold", "active": True}]}
    types = call(app.lambda_handler, "GET /v1/contact-types").body
    assert types == {"contact_types": [{"id": "t1", "name": "Trade"}]}


def test_look_ups_are_counted_by_outcome_without_the_tenant(outside: FakeOutside, crm: InMemoryCrm):
    _search(email=ANNA.email)
    _search(email="nobody@example.com")
    crm.always("*", Step.UNAVAILABLE)
    _search(email="other@example.com")
    outcomes = [dimensions for _, _, dimensions in outside.metrics.counted]
    assert outcomes == [{"outcome": "found"}, {"outcome": "not_found"}, {"outcome": "crm_unavailable"}]


def test_nothing_that_is_logged_names_the_guest(crm: InMemoryCrm, log: StringIO):
    _search(email=ANNA.email)
    _search(email="anna.berg")
    crm.always("*", Step.UNAVAILABLE)
    _search(last_name="Anna")
    assert [json.loads(line)["code"] for line in log.getvalue().splitlines()] == [
        "invalid_request",
        "crm_unavailable",
    ]
    assert "anna" not in log.getvalue().lower()
