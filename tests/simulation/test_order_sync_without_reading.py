"""The same commotion at a CRM that can't be searched for an order: nothing twice, and few cases for people.

If it refuses a number that it has, an unknown order is sent again; else a person looks, who sees the CRM's
screens as we do not.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellarhand.domain.reservations.order_progress import OrderState
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.simulation.test_order_sync_meanwhile import CHANGES, IDS, STEPS, Play, check, check_runs
from tests.unit.order_sync.given import SKUS, TENANT
from tests.unit.order_sync.runner import STAFF

UNKNOWN = {Step.UNKNOWN_EXECUTED, Step.UNKNOWN_NOT_EXECUTED, Step.LATE}
ACTIONS = st.one_of(
    CHANGES.filter(lambda change: change[0] != "send_again"),
    st.tuples(st.sampled_from(["drain", "drain", "pass_time", "pass_time"])),
    st.tuples(st.just("look_and_choose"), st.sampled_from(IDS)),
    st.tuples(st.just("die"), st.integers(1, 25), st.booleans()),
)


class BlindPlay(Play):
    """A winery whose CRM shows orders to people only."""

    def __init__(self, steps: list[Step], *, refuses: bool) -> None:
        capabilities = ALL_CAPABILITIES._replace(finds_orders=False, refuses_repeated_order_numbers=refuses)
        super().__init__(steps, [], InMemoryCrm(skus=SKUS, capabilities=capabilities))

    def look_and_choose(self, reservation_id: str) -> None:
        """Staff look the order up on the CRM's screens."""
        number = self.winery.order_of(reservation_id).number
        there = number in self.winery.numbers
        decisions = self.winery.decisions()
        if there:
            decisions.settle_review(STAFF, TENANT, reservation_id, "it_is_there", "seen")
        else:
            decisions.settle_review(STAFF, TENANT, reservation_id, "send_again", None)

    @property
    def reviews(self) -> int:
        """How often a person had to look."""
        steps = [step.what for id_ in IDS for step in self.winery.record(id_).history]
        return sum(what.startswith("review:") for what in steps)


@pytest.mark.parametrize("refuses", [False, True], ids=["takes any number", "refuses repeats"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=8), actions=st.lists(ACTIONS, max_size=14))
def test_nothing_is_ordered_twice_and_only_the_unknown_is_a_person_s_case(
    refuses: bool, steps: list[Step], actions: list[tuple[Any, ...]]
):
    play = BlindPlay(steps, refuses=refuses)
    play.start()
    for action in actions:
        play.act(*action)
    play.end()
    deaths = sum(action[0] == "die" for action in actions)
    assert play.reviews <= sum(step in UNKNOWN for step in steps) + deaths * len(IDS)
    for id_ in IDS:
        play.act("look_and_choose", id_)
    play.end()
    assert play.winery.failures == []
    assert len(set(play.winery.numbers)) == len(play.winery.orders)
    check_runs(play.winery)
    for id_ in IDS:
        if play.winery.order_of(id_).state is not OrderState.REVIEW:
            check(play.winery, play.winery.record(id_))
