"""Rules that another rule always keeps from being given are refused; all others are kept."""

from typing import Any

import pytest

from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.validation.schema_errors import schema_errors
from cellarhand.domain.tenants.settings import Policy
from tests.unit.discounts.case import KNOWN

TEN = {"kind": "percent_off", "percent": "10"}
USES = {"counts": "uses", "maximum": 1, "period": "ever"}
TWENTY = {"kind": "percent_off", "percent": "20"}
LESS = {"kind": "amount_off_per_guest", "amount": 300}
MORE = {"kind": "amount_off_per_guest", "amount": 500}
SATURDAYS = {"weekdays": ["sat"], "party_size_min": 2, "valid": {"from": "2026-06-01", "to": "2026-06-30"}}
WEEKENDS = {"weekdays": ["sat", "sun"], "valid": {"from": "2026-06-01"}}
FIRST = {"id": "0", "name": "First", "priority": 1}


def findings(several: str, *rules: dict[str, Any]) -> list[tuple[str, str]]:
    complete = [{"id": "a", "name": "A", "benefit": TEN} | rule for rule in rules]
    schema = DiscountSchema.model_validate({"rules": complete, "policy": {"several_automatic": several}})
    return [(error.pointer, error.message) for error in schema_errors(schema, KNOWN)]


HIDDEN: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("best_for_guest", {"benefit": TWENTY}, {"benefit": TEN}, "worth no less"),
    ("best_for_guest", {"benefit": MORE}, {"benefit": LESS, "what": {"events": ["tour"]}}, "worth no less"),
    ("best_for_guest", {"benefit": TEN, "when": WEEKENDS}, {"when": SATURDAYS}, "worth no less"),
    ("best_for_guest", {"who": {"clubs_any": "all"}}, {"who": {"clubs_any": ["gold club"]}}, "worth no less"),
    ("best_for_guest", {"discount_max": 900}, {"discount_max": 800}, "worth no less"),
    ("priority", {"benefit": LESS}, {"benefit": TWENTY}, "lower priority"),
    ("priority", {"benefit": LESS, "priority": 100}, {"benefit": TWENTY}, "not clear which"),
]


@pytest.mark.parametrize(("several", "first", "second", "message"), HIDDEN)
def test_a_rule_that_another_always_hides_is_refused(
    several: str, first: dict[str, Any], second: dict[str, Any], message: str
):
    [(pointer, found)] = findings(several, second, FIRST | first)
    assert pointer == "/rules/0"
    assert message in found


SEEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("stack", {"benefit": TWENTY}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TEN}, {"benefit": TWENTY}),
    ("best_for_guest", {"benefit": TWENTY, "code": "A"}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TWENTY, "active": False}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TWENTY, "limit_per_member": USES}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TWENTY, "discount_max": 500}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TWENTY, "guests_covered_max": 2}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TWENTY, "guests_covered_min": 2}, {"benefit": TEN}),
    ("best_for_guest", {"benefit": TWENTY}, {"benefit": LESS}),
    ("best_for_guest", {"benefit": TWENTY | {"rounds": "per_reservation"}}, {"benefit": TEN}),
    (
        "best_for_guest",
        {"benefit": TWENTY, "who": {"clubs_any": ["gold club"]}},
        {"who": {"clubs_any": "all"}},
    ),
    ("best_for_guest", {"benefit": TWENTY, "who": {"contact_types_none": ["Trade"]}}, {}),
    ("best_for_guest", {"benefit": TWENTY, "what": {"events": ["tour"]}}, {}),
    ("best_for_guest", {"benefit": TWENTY, "what": {"event_tags": ["seated"]}}, {}),
    ("best_for_guest", {"benefit": TWENTY, "when": SATURDAYS}, {"when": WEEKENDS}),
    ("best_for_guest", {"benefit": TWENTY, "when": {"valid": {"blackout": ["2026-06-13"]}}}, {}),
    ("best_for_guest", {"benefit": TWENTY, "when": {"start_times": {"to": "12:00"}}}, {}),
    ("best_for_guest", {"benefit": TWENTY, "when": {"booked_days_ahead_min": 1}}, {}),
    ("best_for_guest", {"benefit": TWENTY, "when": {"channels": ["widget"]}}, {}),
    ("priority", {"benefit": {"kind": "price_per_guest", "amount": 1500}}, {"benefit": TEN}),
    ("priority", {"benefit": {"kind": "percent_off", "percent": "0.5"}}, {"benefit": TEN}),
]


@pytest.mark.parametrize(("several", "first", "second"), SEEN)
def test_a_rule_that_may_come_into_its_own_is_kept(
    several: str, first: dict[str, Any], second: dict[str, Any]
):
    assert findings(several, second, FIRST | first) == []


def test_the_settings_policy_counts_where_the_schema_says_nothing():
    rules = [{"id": name, "name": name, "benefit": TEN} for name in ("a", "b")]
    schema = DiscountSchema.model_validate({"rules": rules})
    assert schema_errors(schema, KNOWN)
    assert schema_errors(schema, KNOWN, Policy(several_automatic="stack")) == ()
