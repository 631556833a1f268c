"""Which calls a rule strikes, and what can't be switched."""

import pytest
import requests
from pydantic import ValidationError

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY
from sandbox.vinsuite.switches import FaultRule
from tests.integration.vinsuite_simulator.caller import Caller


def _struck(call: Caller, calls: int) -> list[bool]:
    return [call("GetClubs").status == 500 for _ in range(calls)]


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        ({}, [True, True, True, True, True]),
        ({"every_nth": 2}, [False, True, False, True, False]),
        ({"times": 2}, [True, True, False, False, False]),
        ({"after": 3}, [False, False, False, True, True]),
        ({"after": 1, "every_nth": 2, "times": 1}, [False, False, True, False, False]),
        ({"operations": ["GetProducts"]}, [False] * 5),
        ({"winery": "another"}, [False] * 5),
        ({"winery": WINERY}, [True] * 5),
    ],
)
def test_a_rule_strikes_the_calls_it_names(
    simulator: RemoteSimulator, call: Caller, chance: dict[str, object], expected: list[bool]
):
    simulator.set_faults({"kind": "fault", **chance})

    assert _struck(call, 5) == expected
    assert simulator.fired().get("fault", 0) == sum(expected)


def test_one_seed_draws_the_same_every_time(simulator: RemoteSimulator, call: Caller):
    rule = FaultRule(kind="fault", probability=0.5)
    draws = []
    for seed in (7, 7, 8):
        simulator.set_faults(rule, seed=seed)
        draws.append(_struck(call, 20))

    assert draws[0] == draws[1] != draws[2]
    assert 0 < sum(draws[0]) < 20


def test_the_first_rule_that_strikes_wins(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "fault", "times": 1}, {"kind": "bad_login"})

    assert call("GetClubs").status == 500
    assert not call("GetClubs").successful
    assert simulator.fired() == {"fault": 1, "bad_login": 1}


def test_counts_go_on_over_new_rules_until_cleared(simulator: RemoteSimulator, call: Caller):
    for _ in range(2):
        simulator.set_faults({"kind": "fault", "times": 1})
        call("GetClubs")

    assert simulator.fired() == {"fault": 2}
    simulator.clear_faults()
    assert simulator.fired() == {}
    assert call("GetClubs").successful


def test_one_winerys_rules_are_lifted_and_the_others_go_on(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "fault", "times": 3}, {"kind": "bad_login", "winery": WINERY})
    assert _struck(call, 2) == [True, True]

    simulator.lift_faults(WINERY)

    assert _struck(call, 2) == [True, False]
    assert simulator.fired() == {"fault": 3}


def test_another_password_opens_the_account_in_place_of_the_old_one(simulator: RemoteSimulator, call: Caller):
    before = simulator.book(WINERY)
    simulator.change_password(WINERY, "another")

    assert not call("GetClubs").successful
    assert Caller(simulator.soap_url, password="another")("GetClubs").successful
    assert simulator.book(WINERY) == before


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "unheard_of"},
        {"kind": "fault", "seconds": 1},
        {"kind": "fault", "probability": 0.5, "every_nth": 2},
        {"kind": "artificial_cap"},
        {"kind": "artificial_cap", "max_results": 1, "max_in_flight": 1},
        {"kind": "fault", "surprise": 1},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(simulator: RemoteSimulator, rule: dict[str, object]):
    answer = requests.put(f"{simulator.url}/_sim/faults", json={"rules": [rule]}, timeout=5)

    assert answer.status_code == 422
    assert answer.json()["errors"]
    with pytest.raises(ValidationError):
        simulator.set_faults(rule)
