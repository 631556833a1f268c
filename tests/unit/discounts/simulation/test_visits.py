"""What would this visit cost by a draft of the schema?"""

from typing import Any

import pytest

from functions.discount_evaluation import app as evaluation
from functions.settings import app as settings
from tests.fakes.crm import Step
from tests.fakes.http import call
from tests.unit.discounts.simulation.winery import ANNA, VISIT, Winery, rule

BY_EMAIL = {"email": ANNA.email}


def test_a_visit_is_priced_by_both_schemas_and_each_price_explains_itself(winery: Winery):
    simulated = winery.simulate(rule(20), visit={**VISIT, "guest": BY_EMAIL}).body
    assert (simulated["in_force"]["total"], simulated["draft"]["total"]) == (5000, 8000)
    assert (simulated["difference"], simulated["currency"], simulated["schema_version"]) == (3000, "USD", 1)
    assert simulated["customer"] == {"recognised": True, "customer_id": "anna", "duplicates": []}
    assert simulated["draft"]["rules"] == [
        {"rule": "gold", "outcome": "applied", "reason": None, "amount": 2000}
    ]
    assert simulated["assumptions"]


def test_without_a_guest_nobody_is_asked_for(winery: Winery):
    simulated = winery.simulate(rule(20), visit=VISIT).body
    assert (simulated["difference"], simulated["customer"]["recognised"]) == (0, False)
    assert winery.crm.calls_of("find_customers") == []


@pytest.mark.parametrize(
    ("guest", "total"),
    [
        ({"clubs": ["silver"]}, 7500),
        ({"clubs_on_hold": ["c2"]}, 10000),
        ({"contact_types": ["TRADE"]}, 9000),
        ({"clubs": ["Silver"], "contact_types": ["Trade"]}, 7500),
        ({"clubs": ["Gold"]}, 10000),
        ({}, 10000),
    ],
)
def test_a_guest_can_be_invented(winery: Winery, guest: dict[str, Any], total: int):
    draft = (
        rule(25, "silver", who={"clubs_any": ["Silver"]}),
        rule(10, "trade", who={"contact_types_any": ["Trade"]}),
    )
    assert winery.simulate(*draft, visit=VISIT, invented_guest=guest).body["draft"]["total"] == total


def test_an_invented_guest_is_invited_by_the_name_of_the_club(winery: Winery):
    dinner = {"name": "Dinner", "fee_per_guest": 9000, "invite_only": {"clubs_any": ["Gold"]}}
    call(settings.lambda_handler, "PUT /v1/events/{event_id}", path={"event_id": "dinner"}, body=dinner)
    visit = {**VISIT, "event_id": "dinner"}
    invited = winery.simulate(visit=visit, invented_guest={"clubs": ["c1"]}).body
    stranger = winery.simulate(visit=visit, invented_guest={}).body
    assert (invited["draft"]["access"]["allowed"], stranger["draft"]["access"]["allowed"]) == (True, False)


@pytest.mark.parametrize(
    ("guest", "pointers"),
    [
        ({"clubs": ["Gold", "Platinum"]}, ["/invented_guest/clubs/1"]),
        (
            {"clubs_on_hold": ["Nobody"], "contact_types": ["Gold"]},
            ["/invented_guest/clubs_on_hold/0", "/invented_guest/contact_types/0"],
        ),
    ],
)
def test_a_guest_that_can_not_be_is_refused(winery: Winery, guest: dict[str, Any], pointers: list[str]):
    refused = winery.simulate(visit=VISIT, invented_guest=guest)
    assert (refused.status, [e["pointer"] for e in refused.body["errors"]]) == (422, pointers)


def test_another_day_may_cost_another_price(winery: Winery):
    weekends = rule(30, who={}, when={"weekdays": ["sat", "sun"]})
    on = {day: winery.simulate(weekends, visit={**VISIT, "starts_at": day}).body for day in DAYS}
    assert [answer["draft"]["total"] for answer in on.values()] == [7000, 10000]


DAYS = ("2026-06-20T14:00", "2026-06-22T14:00")


def test_a_draft_is_checked_as_if_it_were_to_be_put_in_force(winery: Winery):
    wrong = rule(10, who={"clubs_any": ["Platinum"]}), rule(20, what={"events": ["picnic"]})
    refused = winery.simulate(*wrong, visit=VISIT)
    assert refused.status == 422
    assert [error["pointer"] for error in refused.body["errors"]] == [
        "/draft/rules/1/id",
        "/draft/rules/0/who/clubs_any/0",
        "/draft/rules/1/what/events/0",
    ]


def test_fields_of_the_draft_have_pointers_too(winery: Winery):
    refused = winery.simulate({"id": "x", "name": "X", "benefit": {"kind": "gift"}}, visit=VISIT)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/draft/rules/0/benefit")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"visit": VISIT, "replay": {}},
        {"replay": {}, "invented_guest": {}},
        {"visit": {**VISIT, "guest": BY_EMAIL}, "invented_guest": {}},
        {"replay": {"days": 731}},
        {"replay": {"look_ups": 51}},
    ],
)
def test_it_is_one_visit_or_a_replay(winery: Winery, parts: dict[str, Any]):
    assert winery.simulate(**parts).status == 422


def test_a_silent_crm_is_flagged_and_both_prices_are_list_prices(winery: Winery):
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    simulated = winery.simulate(rule(20), visit={**VISIT, "guest": BY_EMAIL}).body
    assert simulated["flags"] == ["crm_lookup_unavailable"]
    assert simulated["in_force"]["total"] == simulated["draft"]["total"] == 10000


def test_two_records_of_one_email_are_flagged(winery: Winery):
    winery.crm.put_customer(ANNA.model_copy(update={"customer_id": "twin"}))
    assert winery.simulate(visit={**VISIT, "guest": BY_EMAIL}).body["flags"] == ["duplicate_customers"]


def test_a_guest_who_is_not_logged_in_is_priced_so(winery: Winery):
    call(settings.lambda_handler, "PUT /v1/settings", body={"member_price_needs_login": True})
    typed = winery.simulate(rule(50), visit={**VISIT, "guest": BY_EMAIL, "logged_in": False}).body
    assert typed["draft"]["rules"][0]["reason"] == "login_required"


def test_an_unknown_event_is_not_found(winery: Winery):
    missing = winery.simulate(visit={**VISIT, "event_id": "picnic"})
    assert (missing.status, missing.body["code"]) == (404, "event_not_found")


@pytest.mark.usefixtures("winery")
def test_before_the_first_schema_there_is_version_0_to_compare_with():
    everybody = rule(10, who={})
    answer = call(
        evaluation.lambda_handler,
        "POST /v1/discounts/simulate",
        tenant="birch-hill",
        body={"draft": {"rules": [everybody]}, "replay": {}},
    )
    assert (answer.status, answer.body["schema_version"], answer.body["replayed"]) == (200, 0, 0)


@pytest.mark.parametrize("parts", [{"visit": VISIT}, {"visit": VISIT, "invented_guest": {"clubs": ["Gold"]}}])
def test_nothing_is_stored(winery: Winery, parts: dict[str, Any]):
    before = winery.writes()
    assert winery.simulate(rule(20), **parts).status == 200
    assert winery.simulate(rule(20, what={"events": ["picnic"]}), **parts).status == 422
    assert winery.writes() == before


def test_asking_for_a_guest_by_name_counts_as_asking_and_leaves_nothing_else(winery: Winery):
    settings_before, ledger_before, *others = winery.writes()
    winery.simulate(rule(20), visit={**VISIT, "guest": BY_EMAIL})
    assert winery.writes() == [settings_before, ledger_before + 1, *others]
    assert winery.world.ledger.writes[-1].sort.startswith("RATE#guest:")
