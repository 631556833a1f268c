"""The engine against a slow, independent second one, on generated cases."""

import random

import pytest

from tests.unit.discounts import reference
from tests.unit.discounts.both_engines import compare
from tests.unit.discounts.generated import asked

SEEDS = range(8)
CASES_PER_SEED = 350
EVERY_OUTCOME = """applied accepted none code_unknown code_outside_dates not_member membership_not_active
    wrong_event wrong_contact_type channel weekday start_time dates blackout booked_too_late booked_too_early
    party_too_large party_too_small guests_below_minimum code_not_given replaced_by_promo smaller_than_other
    lower_priority nothing_left rule_inactive login_required crm_lookup_unavailable member_limit_reached
    code_used_up code_already_used_by_guest"""


@pytest.mark.parametrize("seed", SEEDS)
def test_both_engines_agree_on_generated_cases(seed: int):
    source = random.Random(seed)  # noqa: S311 - repeatable
    for _ in range(CASES_PER_SEED):
        compare(asked(source))


def test_the_generated_cases_reach_every_outcome():
    source = random.Random(0)  # noqa: S311 - repeatable
    seen = set()
    for _ in range(2_000):
        answer = reference.answer(asked(source))
        seen |= set(answer.outcomes.values()) | {answer.promo[1] or answer.promo[0]}
    assert seen >= {*EVERY_OUTCOME.split()}
