"""What would a draft have changed for the guests who were here?"""

import json
from itertools import count
from typing import Any

import pytest

from cellarhand.adapters.system import LambdaContext
from cellarhand.domain.customers.customer import Membership, MembershipStatus
from functions.discount_evaluation import app
from tests.fakes.crm import Step
from tests.fakes.http import Answered, call
from tests.unit.discounts.simulation.winery import ANNA, Winery, rule

EVERYBODY_TEN = rule(10, "ten", who={})
SILVER = Membership(club_id="c2", club="Silver", status=MembershipStatus.ACTIVE)


def test_prices_are_worked_out_anew_by_both_schemas_and_compared(winery: Winery):
    winery.visited("member", rule="gold")
    winery.visited("stranger")
    report = winery.replay(rule(30))
    assert (report["replayed"], report["changed"], report["dearer"], report["cheaper"]) == (2, 1, 1, 0)
    assert (report["booked_total"], report["in_force_total"], report["draft_total"]) == (15000, 15000, 17000)
    assert (report["difference"], report["gain_most"]) == (2000, [])
    assert report["lose_most"] == [
        {"reservation_id": "member", "booked": 5000, "in_force": 5000, "draft": 7000, "difference": 2000}
    ]
    assert report["next"] is None


def test_the_price_in_force_is_not_the_price_that_was_booked(winery: Winery):
    winery.visited("regular", discounts=[{"name": "On the house", "by": "Desk", "amount": 10000}])
    report = winery.replay(EVERYBODY_TEN)
    moved = report["gain_most"][0]
    assert (moved["booked"], moved["in_force"], moved["draft"]) == (0, 10000, 9000)
    assert any("discounts given by staff" in said for said in report["assumptions"])


def test_who_gains_and_loses_most_comes_first_and_ten_are_shown(winery: Winery):
    winery.put_in_force(rule(50), rule(40, "large", who={}, when={"party_size_min": 10}))
    for guests in range(1, 16):
        winery.visited(f"r-{guests:02}", party_size=guests)
    report = winery.replay(rule(10, "small", who={}, when={"party_size_max": 9}))
    assert [(m["reservation_id"], m["difference"]) for m in report["gain_most"]] == [
        (f"r-{guests:02}", guests * -500) for guests in range(9, 0, -1)
    ]
    assert [m["reservation_id"] for m in report["lose_most"]] == [f"r-{n}" for n in range(15, 9, -1)]
    everybody = winery.replay(EVERYBODY_TEN)
    assert (len(everybody["gain_most"]), everybody["cheaper"], everybody["dearer"]) == (9, 9, 6)


def test_only_visits_of_the_last_days_count_by_the_winerys_calendar(winery: Winery):
    for day in ("2026-06-07", "2026-06-06", "2026-06-05", "2026-06-04"):
        winery.visited(day, starts_at=f"{day}T11:00")
    report = winery.replay(EVERYBODY_TEN, days=2)
    assert (report["from_date"], report["to_date"], report["replayed"]) == ("2026-06-05", "2026-06-06", 2)


def test_what_is_no_visit_at_a_price_of_rules_is_left_out_and_counted(winery: Winery):
    winery.visited("cancelled", state="cancelled")
    winery.visited("tickets", kind="ticket_order")
    winery.visited("long-gone", event_id="picnic")
    winery.visited("absent", state="no_show")
    report = winery.replay(EVERYBODY_TEN)
    assert report["skipped"] == {"cancelled": 1, "ticket_order": 1, "event_missing": 1}
    assert report["replayed"] == 1


def test_booking_sources_are_channels(winery: Winery):
    for number, source in enumerate(("BO", "WGT", "REF", "CON", "AFF", "MOB")):
        winery.visited(source, booking_source=source, starts_at=f"2026-06-05T1{number}:00")
    for source, channel in {"REF": "marketplace", "BO": "back_office", "MOB": "mobile"}.items():
        report = winery.replay(rule(10, who={}, when={"channels": [channel]}))
        assert [moved["reservation_id"] for moved in report["gain_most"]] == [source]


def test_a_code_that_was_given_counts_by_the_draft_too(winery: Winery):
    winery.visited("coded", promo_code="summer")
    winery.visited("plain")
    report = winery.replay(rule(10, who={}, code="SUMMER"))
    assert [moved["reservation_id"] for moved in report["gain_most"]] == ["coded"]


# Who the guests are taken for


def test_guests_are_taken_for_members_of_the_clubs_whose_rule_they_had(winery: Winery):
    winery.put_in_force(
        rule(50, who={"clubs_any": ["Gold", "Silver"]}), rule(5, "any", who={"clubs_any": "all"})
    )
    winery.visited("either", rule="gold", customer="anna")
    winery.visited("some", rule="any")
    winery.visited("nobody-knows", rule="of-an-older-schema")
    report = winery.replay(
        rule(60, "silver", who={"clubs_any": ["Silver"]}), rule(5, "any", who={"clubs_any": "all"})
    )
    assert report["guests"] == {"inferred": 2, "unknown": 1}
    assert [m["reservation_id"] for m in report["gain_most"]] == ["either"]
    assert winery.crm.calls_of("get_customer") == []


def test_a_contact_type_shows_by_its_rule_too(winery: Winery):
    trade = rule(50, "trade", who={"contact_types_any": ["Trade"]})
    winery.put_in_force(trade)
    winery.visited("merchant", rule="trade")
    assert winery.replay(trade)["difference"] == 0
    assert winery.replay(rule(50, "trade", who={"contact_types_none": ["Trade"]}))["guests"] == {
        "inferred": 1
    }


def test_the_crm_may_be_asked_about_a_bounded_number_of_customers(winery: Winery):
    winery.crm.put_customer(ANNA.model_copy(update={"memberships": (SILVER,)}))
    for number in range(5):
        winery.visited(f"anna-{number}", customer="anna", starts_at=f"2026-06-01T1{number}:00")
    for number in range(5):
        winery.crm.put_customer(ANNA.model_copy(update={"customer_id": f"c-{number}"}))
        winery.visited(f"r-{number}", customer=f"c-{number}", starts_at=f"2026-06-02T1{number}:00")
    report = winery.replay(rule(50), look_ups=3)
    assert [call.arguments["customer_id"] for call in winery.crm.calls_of("get_customer")] == [
        "anna",
        "c-0",
        "c-1",
    ]
    assert (report["look_ups"], report["guests"]) == (3, {"looked_up": 7, "unknown": 3})
    assert report["in_force_total"] == 8 * 10000 + 2 * 5000


def test_after_the_first_failure_the_crm_is_left_alone(winery: Winery):
    winery.crm.always("get_customer", Step.UNAVAILABLE)
    for number in range(5):
        winery.visited(f"r-{number}", rule="gold", customer=f"c-{number}")
    report = winery.replay(rule(50), look_ups=5)
    assert len(winery.crm.calls_of("get_customer")) == 1
    assert report["guests"] == {"inferred": 5}


def test_a_customer_whom_the_crm_no_longer_has_is_taken_for_what_the_booking_shows(winery: Winery):
    winery.visited("gone", rule="gold", customer="merged-away")
    assert winery.replay(rule(50), look_ups=5)["guests"] == {"inferred": 1}


# Many reservations


class RunningOut:
    """The context of a Lambda whose time passes with every look at it."""

    aws_request_id = "invocation-1"

    def __init__(self, looks: int) -> None:
        self._left = count(4_000 + looks * 1_000, -1_000)

    def get_remaining_time_in_millis(self) -> int:
        return next(self._left)


def _in_parts(winery: Winery, *rules: dict[str, Any], context: LambdaContext, **replay: Any) -> Answered:
    body = {"draft": {"rules": rules}, "replay": replay}
    return call(app.lambda_handler, "POST /v1/discounts/simulate", body=body, context=context)


def test_when_time_runs_out_the_answer_says_where_to_go_on_and_the_sums_grow(winery: Winery):
    for number in range(260):
        winery.visited(f"r-{number:03}", rule="gold" if number % 2 else None, party_size=2)
    whole = winery.replay(rule(30), EVERYBODY_TEN)
    first = _in_parts(winery, rule(30), EVERYBODY_TEN, context=RunningOut(2)).body
    assert 0 < first["replayed"] < whole["replayed"] == 260
    parts, cursor = [first], first["next"]
    while cursor:
        part = _in_parts(winery, rule(30), EVERYBODY_TEN, context=RunningOut(2), cursor=cursor).body
        cursor = part["next"]
        parts.append(part)
    assert len(parts) > 1
    assert parts[-1] == whole


def test_a_replay_that_was_begun_yesterday_goes_on_with_yesterdays_dates(winery: Winery):
    for number in range(120):
        winery.visited(f"r-{number:03}")
    first = _in_parts(winery, EVERYBODY_TEN, context=RunningOut(0)).body
    winery.world.clock.advance(days=1)
    second = winery.replay(EVERYBODY_TEN, cursor=first["next"])
    assert (second["from_date"], second["to_date"]) == (first["from_date"], first["to_date"])
    assert second["replayed"] == 120


def test_another_draft_or_another_schema_in_force_begins_anew(winery: Winery):
    for number in range(60):
        winery.visited(f"r-{number}")
    cursor = _in_parts(winery, EVERYBODY_TEN, context=RunningOut(0)).body["next"]
    other = winery.simulate(rule(30), replay={"cursor": cursor})
    assert (other.status, other.body["code"]) == (409, "simulation_changed")
    winery.put_in_force(rule(49))
    assert winery.simulate(EVERYBODY_TEN, replay={"cursor": cursor}).body["code"] == "simulation_changed"


@pytest.mark.parametrize("cursor", ["x", "e30", "bm8gSlNPTg", "é", "A" * 15_000])
def test_a_made_up_cursor_is_refused(winery: Winery, cursor: str):
    refused = winery.simulate(EVERYBODY_TEN, replay={"cursor": cursor})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/replay/cursor")


def test_no_more_than_five_thousand_are_replayed(winery: Winery, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cellarhand.use_cases.discounts.simulation.replay.MAX_REPLAYED", 70)
    for number in range(90):
        winery.visited(f"r-{number:02}")
    report = winery.replay(EVERYBODY_TEN)
    assert (report["replayed"], report["limit_reached"], report["next"]) == (70, True, None)


def test_another_winerys_reservations_are_not_replayed(winery: Winery):
    winery.visited("ours")
    body = {"draft": {"rules": []}, "replay": {}}
    answer = call(app.lambda_handler, "POST /v1/discounts/simulate", tenant="birch-hill", body=body)
    assert answer.body["replayed"] == 0


def test_nothing_is_stored_and_nobody_is_named(winery: Winery):
    winery.visited("member", rule="gold", customer="anna")
    before = winery.writes()
    report = winery.replay(rule(30), look_ups=5)
    assert winery.writes() == before
    assert not {"anna", "berg", "example.com"} & set(json.dumps(report).lower().split('"'))
    assert "anna" not in json.dumps(report).lower()
