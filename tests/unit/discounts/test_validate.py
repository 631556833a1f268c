"""Schemas that nobody could explain are refused: everything at once, each thing with its place."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from cellarhand.domain.discounts.schema.labels import Known, KnownEvent, Named
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.validation.schema_errors import schema_errors

KNOWN = Known(
    clubs=(Named("club-1", "Gold"), Named("club-2", "Twin"), Named("club-3", "twin"), Named("Gold", "Other")),
    contact_types=(Named("type-1", "Trade"), Named("type-2", "Press")),
    events=(KnownEvent("tasting", "Estate Tasting", ("Seated",)), KnownEvent("tour", "Cellar Tour")),
)
TEN = {"kind": "percent_off", "percent": "10"}
USES = {"counts": "uses", "maximum": 1, "period": "ever"}


def rule(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "name": "A", "benefit": TEN} | fields


def findings(*rules: dict[str, Any]) -> list[tuple[str, str]]:
    schema = DiscountSchema.model_validate({"rules": list(rules)})
    return [(error.pointer, error.message) for error in schema_errors(schema, KNOWN)]


CONTRADICTIONS = [
    (rule(who={"clubs_any": ["Silver"]}), "/rules/0/who/clubs_any/0", "there is no club"),
    (rule(who={"clubs_any": ["club-1", "TWIN"]}), "/rules/0/who/clubs_any/1", "ambiguous"),
    (rule(who={"contact_types_any": ["Friends"]}), "/rules/0/who/contact_types_any/0", "no contact type"),
    (rule(who={"contact_types_none": ["Friends"]}), "/rules/0/who/contact_types_none/0", "no contact type"),
    (
        rule(who={"contact_types_any": ["Trade"], "contact_types_none": ["trade", "Press"]}),
        "/rules/0/who/contact_types_none",
        "can never apply",
    ),
    (rule(what={"events": ["tasting", "dinner"]}), "/rules/0/what/events/1", "there is no event"),
    (rule(what={"event_tags": ["guided"]}), "/rules/0/what/event_tags", "can never apply"),
    (
        rule(what={"events": ["tour"], "event_tags": ["seated"]}),
        "/rules/0/what/event_tags",
        "can never apply",
    ),
    (rule(when={"party_size_min": 3, "party_size_max": 2}), "/rules/0/when/party_size_max", "at least 3"),
    (
        rule(when={"booked_days_ahead_min": 8, "booked_days_ahead_max": 7}),
        "/rules/0/when/booked_days_ahead_max",
        "at least 8",
    ),
    (rule(guests_covered_min=3, guests_covered_max=2), "/rules/0/guests_covered_max", "at least 3"),
    (
        rule(guests_covered_min=3, when={"party_size_max": 2}),
        "/rules/0/guests_covered_min",
        "parties have at most 2",
    ),
    (
        rule(when={"start_times": {"from": "13:00", "to": "10:00"}}),
        "/rules/0/when/start_times/to",
        "is before",
    ),
    (
        rule(when={"valid": {"from": "2026-07-01", "to": "2026-06-30"}}),
        "/rules/0/when/valid/to",
        "is before",
    ),
    (
        rule(
            when={
                "valid": {"from": "2026-07-01", "to": "2026-07-02", "blackout": ["2026-07-01", "2026-07-02"]}
            }
        ),
        "/rules/0/when/valid",
        "no day is left",
    ),
    (
        rule(when={"weekdays": ["mon"], "valid": {"from": "2026-06-12", "to": "2026-06-14"}}),
        "/rules/0/when/valid",
        "no day is left",
    ),
    (rule(benefit={"kind": "percent_off", "percent": "0.0"}), "/rules/0/benefit/percent", "nothing"),
    (
        rule(benefit={"kind": "free_guests", "guests": 3}, guests_covered_max=2),
        "/rules/0/benefit/guests",
        "more than the 2",
    ),
    (rule(benefit={"kind": "access_only"}, discount_max=5), "/rules/0/discount_max", "has no meaning"),
    (
        rule(benefit={"kind": "access_only"}, limit_per_member=USES),
        "/rules/0/limit_per_member",
        "has no meaning",
    ),
    (
        rule(who={"contact_types_any": ["Trade"], "contact_types_none": ["type-1"]}),
        "/rules/0/who/contact_types_none",
        "can never apply",
    ),
    (
        rule(guests_covered_min=3, limit_per_member=USES | {"counts": "guests", "maximum": 2}),
        "/rules/0/limit_per_member/maximum",
        "at least 3 guests",
    ),
    (
        rule(who={"clubs_any": "all"}, limit_per_member=USES | {"period": "membership_year"}),
        "/rules/0/limit_per_member/period",
        "doesn't record when",
    ),
    (rule(code_limit_total=5), "/rules/0/code_limit_total", "without a `code`"),
    (rule(code_limit_per_guest=5), "/rules/0/code_limit_per_guest", "without a `code`"),
    (
        rule(code="A", code_limit_total=1, code_limit_per_guest=2),
        "/rules/0/code_limit_per_guest",
        "more than the 1 uses",
    ),
]


@pytest.mark.parametrize(("wrong", "pointer", "message"), CONTRADICTIONS)
def test_what_could_never_apply_is_refused_at_its_place(wrong: dict[str, Any], pointer: str, message: str):
    [(found_pointer, found_message)] = findings(wrong)
    assert found_pointer == pointer
    assert message in found_message


def test_a_membership_year_is_accepted_where_the_crm_knows_joining_dates():
    yearly = rule(who={"clubs_any": "all"}, limit_per_member=USES | {"period": "membership_year"})
    schema = DiscountSchema.model_validate({"rules": [yearly]})
    assert schema_errors(schema, KNOWN._replace(joining_dates=True)) == ()


SOUND = [
    rule(who={"clubs_any": ["gold"], "contact_types_any": ["TRADE"], "contact_types_none": ["Press"]}),
    rule(who={"clubs_any": "all"}, what={"events": "all", "event_tags": ["seated"]}),
    rule(what={"events": ["estate tasting"]}, when={"start_times": {"from": "10:00", "to": "10:00"}}),
    rule(when={"valid": {"from": "2026-06-12", "to": "2026-06-12T09:00"}, "weekdays": ["fri"]}),
    rule(
        when={"weekdays": ["mon"], "valid": {"by": "booked_date", "from": "2026-06-12", "to": "2026-06-14"}}
    ),
    rule(
        when={"valid": {"from": "2026-07-01", "to": "2026-07-03", "blackout": ["2026-07-01", "2026-07-02"]}}
    ),
    rule(guests_covered_min=2, guests_covered_max=2, when={"party_size_min": 2, "party_size_max": 2}),
]


@pytest.mark.parametrize("sound", SOUND)
def test_a_rule_that_can_apply_is_accepted(sound: dict[str, Any]):
    assert findings(sound) == []


def test_an_id_beats_a_name():
    assert findings(rule(who={"clubs_any": ["Gold"]})) == []


def test_ids_and_codes_must_not_repeat():
    found = findings(rule(code="Summer"), rule(id="b", code=" SUMMER"), rule())
    assert [pointer for pointer, _ in found] == ["/rules/2/id", "/rules/1/code"]


def test_everything_wrong_is_said_at_once():
    found = findings(
        rule(who={"clubs_any": ["Silver"]}, when={"party_size_min": 3, "party_size_max": 2}),
        rule(what={"events": ["dinner"]}),
    )
    assert {pointer for pointer, _ in found} == {
        "/rules/0/who/clubs_any/0",
        "/rules/0/when/party_size_max",
        "/rules/1/id",
        "/rules/1/what/events/0",
    }


MISSHAPEN: list[tuple[dict[str, Any], str]] = [
    (rule(limit_per_member={"counts": "uses", "maximum": 1}), "limit_per_member.period"),
    (rule(limit_per_member=USES | {"maximum": 0}), "limit_per_member.maximum"),
    (rule(limit_per_member=USES | {"counted_on": "synced_date"}), "limit_per_member.counted_on"),
    (rule(code="A", code_limit_total=0), "code_limit_total"),
    (rule(benefit={"kind": "percent_off", "percent": "10", "rounds": "per_table"}), "benefit.rounds"),
    (rule(benefit={"kind": "percent_off", "percent": 10}), "benefit.percent"),
    (rule(benefit={"kind": "percent_off", "percent": "100.1"}), "benefit.percent"),
    (rule(benefit={"kind": "percent_off", "percent": "1e1"}), "benefit.percent"),
    (rule(benefit={"kind": "percent_off", "percent": "10", "amount": 5}), "benefit.amount"),
    (rule(benefit={"kind": "amount_off_per_guest", "amount": 0}), "benefit.amount"),
    (rule(benefit={"kind": "amount_off_per_guest", "amount": 1.0}), "benefit.amount"),
    (rule(benefit={"kind": "free_wine"}), "benefit"),
    (rule(benefit={"percent": "10"}), "benefit"),
    (rule(when={"channels": []}), "when.channels"),
    (rule(when={"weekdays": ["sat", "Monday"]}), "when.weekdays.1"),
    (rule(when={"valid": {"from": "2026-02-30"}}), "when.valid.from"),
    (rule(when={"start_times": {"to": "24:00"}}), "when.start_times.to"),
    (rule(what={"events": []}), "what.events"),
    (rule(what={"events": "tasting"}), "what.events"),
    (rule(code="   "), "code"),
]


@pytest.mark.parametrize(("wrong", "place"), MISSHAPEN)
def test_a_field_of_another_shape_is_refused_at_its_place(wrong: dict[str, Any], place: str):
    with pytest.raises(ValidationError) as refused:
        DiscountSchema.model_validate_json(json.dumps({"rules": [wrong]}))
    places = [".".join(map(str, error["loc"])) for error in refused.value.errors()]
    assert places == [f"rules.0.{place}"]


def test_a_schema_reads_back_as_it_was_written():
    document = {
        "rules": [
            rule(
                who={"clubs_any": "all"},
                when={"start_times": {"from": "10:00"}, "valid": {"from": "2026-06-01"}},
            )
        ],
        "policy": {"several_automatic": "stack"},
    }
    schema = DiscountSchema.model_validate(document)
    assert schema.model_dump(exclude_unset=True, mode="json") == document
    assert DiscountSchema.model_validate_json(schema.model_dump_json()) == schema
