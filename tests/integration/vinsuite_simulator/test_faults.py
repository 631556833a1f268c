"""Every way to fail: what the caller sees, what the book holds, and that it is counted."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree.ElementTree import ParseError

import pytest
import requests

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY
from tests.integration.vinsuite_simulator.caller import LOGIN, Answer, Caller, an_order, envelope


def _orders(simulator: RemoteSimulator) -> int:
    return len(simulator.book(WINERY).orders)


def _wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what another process's clock decides, at most five seconds."""
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def test_a_bad_login_is_answered_to_a_good_one(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "bad_login"})

    answer = call("TestConnection")

    assert answer.fields["PrimaryAuthInfo"]["Type"] == "INVALID"
    assert not call("AddOrder", Order=an_order()).successful
    assert (simulator.fired(), _orders(simulator)) == ({"bad_login": 2}, 0)


def test_an_inactive_account_is_anonymous(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "inactive_account"})

    answer = call("TestConnection")

    assert not answer.successful
    assert answer.fields["PrimaryAuthInfo"]["Type"] == "ANONYMOUS"
    assert simulator.fired() == {"inactive_account": 1}


@pytest.mark.parametrize("executed", [False, True])
def test_a_fault_comes_with_or_without_effect(simulator: RemoteSimulator, call: Caller, executed: bool):
    simulator.set_faults({"kind": "fault", "executed": executed})

    answer = call("AddOrder", Order=an_order())

    assert answer.status == 500
    assert (simulator.fired(), _orders(simulator)) == ({"fault": 1}, int(executed))


def test_a_slow_call_takes_its_time_and_succeeds(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "slow", "seconds": 0.3})
    began = time.monotonic()

    assert call("GetClubs").successful
    assert time.monotonic() - began >= 0.3
    assert simulator.fired() == {"slow": 1}


def test_a_time_out_before_commit_leaves_nothing(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "timeout_before_commit"})

    with pytest.raises(requests.ReadTimeout):
        replace(call, timeout=0.2)("AddOrder", Order=an_order())

    assert (simulator.fired(), _orders(simulator)) == ({"timeout_before_commit": 1}, 0)


def test_a_time_out_after_commit_leaves_the_order(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "timeout_after_commit"})

    with pytest.raises(requests.ReadTimeout):
        replace(call, timeout=0.2)("AddOrder", Order=an_order())

    assert (simulator.fired(), _orders(simulator)) == ({"timeout_after_commit": 1}, 1)


def test_a_refusal_is_told_even_under_time_outs_after_commit(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "timeout_after_commit", "times": 1})

    assert not call("AddOrder", Order=an_order(Total=None)).successful
    assert simulator.fired() == {}
    with pytest.raises(requests.ReadTimeout):
        replace(call, timeout=0.2)("AddOrder", Order=an_order())


def test_a_held_reply_ends_when_its_time_is_over(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "timeout_before_commit", "seconds": 0.1})

    with pytest.raises(requests.ConnectionError):
        call("GetClubs")


def test_a_late_execution_comes_after_the_client_hung_up(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "late_execution", "late_seconds": 0.4})

    with pytest.raises(requests.ReadTimeout):
        replace(call, timeout=0.2)("AddOrder", Order=an_order())

    assert (simulator.fired(), _orders(simulator)) == ({}, 0)
    _wait_until(lambda: simulator.fired() == {"late_execution": 1})
    assert _orders(simulator) == 1


@pytest.mark.parametrize("executed", [False, True])
def test_a_garbage_reply_is_no_soap(simulator: RemoteSimulator, call: Caller, executed: bool):
    simulator.set_faults({"kind": "garbage_reply", "executed": executed})

    with pytest.raises(ParseError):
        call("AddOrder", Order=an_order())
    assert (simulator.fired(), _orders(simulator)) == ({"garbage_reply": 1}, int(executed))


@pytest.mark.parametrize("executed", [False, True])
def test_a_cut_reply_breaks_off_in_the_body(simulator: RemoteSimulator, call: Caller, executed: bool):
    simulator.set_faults({"kind": "cut_reply", "executed": executed})

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        call("AddOrder", Order=an_order())

    assert (simulator.fired(), _orders(simulator)) == ({"cut_reply": 1}, int(executed))


@pytest.mark.parametrize("executed", [False, True])
def test_a_reset_connection_gives_no_reply(simulator: RemoteSimulator, call: Caller, executed: bool):
    simulator.set_faults({"kind": "connection_reset", "executed": executed})

    with pytest.raises(requests.ConnectionError, match="reset"):
        call("AddOrder", Order=an_order())

    assert (simulator.fired(), _orders(simulator)) == ({"connection_reset": 1}, int(executed))


def test_a_repeated_order_number_is_refused(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "refused_duplicates"})

    assert call("AddOrder", Order=an_order()).successful
    assert call("AddOrder", Order=an_order(OrderNumberPrefix="XX-")).successful
    assert not call("AddOrder", Order=an_order()).successful
    assert (simulator.fired(), _orders(simulator)) == ({"refused_duplicates": 1}, 2)


def test_a_hold_can_mean_inactive(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "hold_means_inactive"})

    call("GetMembers", Email="ada@example.com", IncludeClubMemberships="true")
    (cleo,) = call("GetMembers", Email="cleo@example.com", IncludeClubMemberships="true").fields["Members"]

    assert cleo["ClubMemberships"][0]["IsActive"] == "false"
    assert simulator.fired() == {"hold_means_inactive": 1}


def test_results_can_be_capped(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "artificial_cap", "max_results": 2})

    assert len(call("GetMembers", LastName="Muller").fields["Members"]) == 2
    assert len(call("GetClubs").fields["WineClubs"]) == 2
    assert simulator.fired() == {"artificial_cap": 1}


def test_calls_per_second_can_be_capped(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(
        {"kind": "artificial_cap", "max_per_second": 1, "status": 429, "retry_after_seconds": 7}
    )

    assert call("GetClubs").successful
    refused = call.send("GetClubs", envelope("GetClubs", LOGIN))

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert simulator.fired() == {"artificial_cap": 1}
    assert simulator.calls(WINERY) == {"GetClubs": 1}


def test_calls_in_flight_can_be_capped(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(
        {"kind": "slow", "seconds": 0.4}, {"kind": "artificial_cap", "max_in_flight": 2, "status": 503}
    )

    with ThreadPoolExecutor(6) as callers:
        statuses = list(
            callers.map(lambda _: call.send("GetClubs", envelope("GetClubs", LOGIN)).status_code, range(6))
        )

    assert sorted(statuses) == [200, 200, 503, 503, 503, 503]
    assert simulator.fired() == {"slow": 2, "artificial_cap": 4}
    assert simulator.most_in_flight(WINERY) == 2


def test_many_held_replies_leave_the_server_free(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults({"kind": "timeout_before_commit", "operations": ["GetMembers"]})
    patient = replace(call, timeout=1.5)

    def be_held(_: int) -> Answer | None:
        try:
            return patient("GetMembers", Email="ada@example.com")
        except requests.ReadTimeout:
            return None

    with ThreadPoolExecutor(40) as callers:
        held = callers.map(be_held, range(40))
        _wait_until(lambda: simulator.fired() == {"timeout_before_commit": 40})
        assert call("GetClubs").successful
        assert list(held) == [None] * 40

    assert simulator.most_in_flight(WINERY) >= 40
    simulator.forget_calls()
    assert call("GetClubs").successful
    assert simulator.most_in_flight(WINERY) == 1, "callers who hung up are let go"
