"""Switches for what nobody knows of the real service: numbers, reads, e-mails, lock-outs, side effects."""

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import PASSWORD, WINERY
from tests.integration.vinsuite_simulator.caller import Caller, an_order


def _numbers(simulator: RemoteSimulator) -> list[int]:
    return [order.order_number for order in simulator.book(WINERY).orders]


def _window(**filters: str) -> dict[str, str]:
    return {"DateModifiedFrom": "2000-01-01T00:00:00", "DateModifiedTo": "2100-01-01T00:00:00", **filters}


@pytest.mark.parametrize(
    ("switch", "kept"),
    [
        ({}, [200_000, 200_000]),
        ({"repeated_number": "renumbers"}, [200_000, 200_001]),
        ({"repeated_number": "renumbers", "own_numbers": "own_range"}, [200_000, 100_001]),
        ({"repeated_number": "answers_first"}, [200_000]),
        ({"given_numbers": "replaced"}, [100_001, 100_002]),
    ],
)
def test_a_number_sent_twice_becomes_what_is_switched(
    simulator: RemoteSimulator, call: Caller, switch: dict[str, str], kept: list[int]
) -> None:
    simulator.set_faults(behaviours=switch)
    for _ in range(2):
        assert call("AddOrder", Order=an_order(OrderNumber="200000")).successful

    assert _numbers(simulator) == kept


def test_an_own_range_is_not_moved_by_the_callers_numbers(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"own_numbers": "own_range"})
    for number in ("2000000000", None, None):
        call("AddOrder", Order=an_order(OrderNumber=number))

    assert _numbers(simulator) == [2_000_000_000, 100_001, 100_002]


@pytest.mark.parametrize(("honoured", "found"), [(["OrderID", "OrderNumber", "Email"], 1), (["Email"], 2)])
def test_a_filter_that_is_switched_away_is_left_aside(
    simulator: RemoteSimulator, call: Caller, honoured: list[str], found: int
):
    simulator.set_faults(behaviours={"order_filters": honoured})
    for number in ("7001", "7002"):
        call("AddOrder", Order=an_order(OrderNumber=number))

    assert len(call("GetOrders", **_window(OrderNumber="7002")).fields["Orders"]) == found


@pytest.mark.parametrize(
    ("shown", "number", "prefix"),
    [("apart", "7001", "CH-"), ("joined", "CH-7001", None), ("left_out", "7001", None)],
)
def test_the_prefix_is_shown_as_switched(
    simulator: RemoteSimulator, call: Caller, shown: str, number: str, prefix: str | None
):
    simulator.set_faults(behaviours={"orders_show_prefix": shown})
    call("AddOrder", Order=an_order())
    (order,) = call("GetOrders", **_window()).fields["Orders"]

    assert (order["OrderNumber"], order.get("OrderNumberPrefix")) == (number, prefix)


def test_a_lag_hides_what_is_new_from_the_reads_alone(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"read_lag_seconds": 60})
    call("AddOrder", Order=an_order())

    assert not call("GetOrders", **_window()).fields["Orders"]
    assert not call("GetMembers", Email="nora@example.com").fields["Members"]
    simulator.clear_faults()
    assert call("GetOrders", **_window()).fields["Orders"]
    assert call("GetMembers", Email="nora@example.com").fields["Members"]


@pytest.mark.parametrize(
    ("match", "found"),
    [("folded", [1, 1, 0]), ("exact", [1, 0, 0]), ("part", [1, 1, 1])],
)
def test_emails_are_compared_as_switched(
    simulator: RemoteSimulator, call: Caller, match: str, found: list[int]
):
    simulator.set_faults(behaviours={"email_match": match})
    spellings = ("ada@example.com", "Ada@Example.com", "ada@")

    assert [len(call("GetMembers", Email=each).fields["Members"] or ()) for each in spellings] == found


def test_wrong_passwords_in_a_row_lock_the_account_until_the_switch_is_off(
    simulator: RemoteSimulator, call: Caller
):
    simulator.set_faults(behaviours={"locks_after": 2, "texts": {"bad_login": "No.", "locked": "Locked."}})
    wrong, right = Caller(simulator.soap_url, password="wrong"), Caller(simulator.soap_url, password=PASSWORD)

    assert [wrong("GetClubs").error, wrong("GetClubs").error, right("GetClubs").error] == [
        "No.",
        "No.",
        "Locked.",
    ]
    simulator.clear_faults()
    assert right("GetClubs").successful


def test_what_nobody_asked_for_is_done_and_shown(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"does_unasked": ["bill", "decrement"], "tells_stock": True})
    before = call("GetProducts").fields["Products"][0]["Inventory"]
    answer = call("AddOrder", Order=an_order(), BillOrder="false", IsDecrementInventory="false")
    after = call("GetProducts").fields["Products"][0]["Inventory"]

    assert "BillOrderResponse" in answer.fields
    assert int(before) - int(after) == 2
