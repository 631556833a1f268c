"""The complete search: as built, the protocol never makes two orders; each thing taken away makes it."""

from dataclasses import replace

import pytest

from tests.simulation.send_protocol.model import Protocol, most_orders, search, stuck

BUILT = Protocol(settle=9)
WIDER = Protocol(settle=11, kill=4, late=3, lease=5, ticks=30)


def test_the_model_settles_for_all_four_bounds():
    assert (BUILT.settle, WIDER.settle) == (BUILT.bounds, WIDER.bounds)


def test_as_built_it_never_makes_two_orders_and_never_gets_stuck():
    graph = search(WIDER)
    assert most_orders(graph) == 1
    assert stuck(graph, WIDER) == set()
    assert len(graph) > 600_000


def test_every_number_of_starts_can_still_end_with_an_order():
    graph = search(BUILT)
    assert any(world.row.state == "synced" and world.starts == BUILT.starts for world in graph)


SAFE = {
    "lease shorter than a life": replace(BUILT, lease=1, ticks=11),
    "no settle time where the CRM refuses repeated numbers": replace(BUILT, settle=0, refuses_repeats=True),
    "more starts": replace(BUILT, starts=4),
}


@pytest.mark.parametrize("protocol", SAFE.values(), ids=SAFE.keys())
def test_it_stays_safe_with(protocol: Protocol):
    assert most_orders(search(protocol)) == 1


WEAKENED = {
    "no settle time": replace(BUILT, settle=0),
    "settle without F": replace(BUILT, settle=BUILT.bounds - BUILT.kill),
    "settle without L": replace(BUILT, settle=BUILT.bounds - BUILT.late),
    "settle without R": replace(BUILT, settle=BUILT.bounds - BUILT.lag),
    "settle without skew": replace(BUILT, settle=BUILT.bounds - BUILT.skew),
    "no intent before the send": replace(BUILT, writes_intent=False),
    "no compare of versions": replace(BUILT, lease=0, compare_versions=False),
    "no kill at F": replace(BUILT, killed=False),
    "decorator: forget the intent on a time-out": replace(BUILT, forgets_on_time_out=True),
}


@pytest.mark.parametrize("protocol", WEAKENED.values(), ids=WEAKENED.keys())
def test_taking_any_one_thing_away_makes_two_orders(protocol: Protocol):
    assert most_orders(search(protocol)) == 2
