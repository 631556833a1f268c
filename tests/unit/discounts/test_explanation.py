"""Which rules a quote explains."""

import pytest

from cellarhand.domain.discounts.engine.explain import MAX_EXPLAINED
from tests.unit.discounts.case import Case, run, stage

TEN = {"kind": "percent_off", "percent": "10"}


def explained(rules: int, explain: str | None) -> int:
    """How many of so many rules, one of which is near, are explained."""
    elsewhere = [{"id": f"r{n}", "what": {"events": ["tour"]}, "benefit": TEN} for n in range(rules - 1)]
    case = Case.model_validate(
        {
            "name": "many rules",
            "working": "10 % of 2500 is 250, twice",
            "request": {"explain": explain},
            "rules": [{"id": "near", "benefit": TEN}, *elsewhere],
            "expect": {"discount": 500},
        }
    )
    return len(run(stage(case)).rules)


@pytest.mark.parametrize(
    ("rules", "explain", "count"),
    [
        (MAX_EXPLAINED, None, MAX_EXPLAINED),
        (MAX_EXPLAINED + 1, None, 1),
        (MAX_EXPLAINED + 1, "all", MAX_EXPLAINED + 1),
        (3, "near", 1),
    ],
)
def test_every_rule_is_explained_up_to_200_and_then_the_near_ones(
    rules: int, explain: str | None, count: int
):
    assert explained(rules, explain) == count
