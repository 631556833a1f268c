"""Priced cases, as data: each says how a person gets to its cents."""

from pathlib import Path

import pytest
import yaml

from tests.unit.discounts.case import Case, check

CASES = [
    pytest.param(Case.model_validate(case), id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text())
]


@pytest.mark.parametrize("case", CASES)
def test_a_case_costs_what_its_working_says(case: Case):
    check(case)
