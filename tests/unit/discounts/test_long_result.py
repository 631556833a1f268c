"""The kept result of the long comparison is one that reached everything."""

import json

from cellarhand.domain.discounts.reasons import Reason
from tests.long.discounts import CASES, RESULT, compared

NOT_OF_RULES = {Reason.CODE_UNKNOWN, Reason.CODE_OUTSIDE_DATES, Reason.INVITE_REQUIRED}


def test_the_kept_result_is_of_all_cases_and_reached_every_reason_of_a_rule():
    result = json.loads(RESULT.read_text())
    assert (result["cases"], result["differences"]) == (CASES, 0)
    assert set(result["outcomes"]) == ({*Reason} - NOT_OF_RULES) | {"applied"}


def test_the_comparison_runs():
    assert compared(50, seed=1)["applied"]
