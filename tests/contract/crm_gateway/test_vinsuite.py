"""What only VinSuite has: its simulator's faults and behaviours, one by one, judged by its own book."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cellarhand.adapters.crm.vinsuite.gateway import VinSuiteGateway
from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError, NotSupportedByCrmError
from cellarhand.domain.orders.order import OrderNumber
from cellarhand.ports.crm import Connection, Outcome
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import PARTNER_KEY
from tests.contract.crm_gateway.vinsuite_world import PASSWORD, USERNAME, WINERY, VinSuiteWorld, the_seed
from tests.contract.crm_gateway.world import ADA, ORDER, PATIENCE, PURCHASERS, TRADE, an_id

IMPATIENCE = 0.5
EXECUTED = {"executed": True}
NOT_EXECUTED = {"executed": False}

FAULTS: dict[str, tuple[dict[str, Any], Outcome, int]] = {
    "bad login": ({"kind": "bad_login"}, Outcome.NOT_DONE, 0),
    "inactive account": ({"kind": "inactive_account"}, Outcome.NOT_DONE, 0),
    "fault before": ({"kind": "fault", **NOT_EXECUTED}, Outcome.UNKNOWN, 0),
    "fault after": ({"kind": "fault", **EXECUTED}, Outcome.UNKNOWN, 1),
    "garbage instead": ({"kind": "garbage_reply", **NOT_EXECUTED}, Outcome.UNKNOWN, 0),
    "garbage after": ({"kind": "garbage_reply", **EXECUTED}, Outcome.UNKNOWN, 1),
    "cut reply": ({"kind": "cut_reply", **EXECUTED}, Outcome.UNKNOWN, 1),
    "reset before": ({"kind": "connection_reset", **NOT_EXECUTED}, Outcome.UNKNOWN, 0),
    "reset after": ({"kind": "connection_reset", **EXECUTED}, Outcome.UNKNOWN, 1),
    "time-out before": ({"kind": "timeout_before_commit"}, Outcome.UNKNOWN, 0),
    "time-out after": ({"kind": "timeout_after_commit"}, Outcome.UNKNOWN, 1),
    "throttled": ({"kind": "artificial_cap", "max_in_flight": 0, "status": 429}, Outcome.NOT_DONE, 0),
    "busy": ({"kind": "artificial_cap", "max_in_flight": 0, "status": 503}, Outcome.UNKNOWN, 0),
    "slow": ({"kind": "slow", "seconds": 0.1}, Outcome.DONE, 1),
}


@pytest.fixture
def world(simulator: RemoteSimulator) -> VinSuiteWorld:
    return VinSuiteWorld(simulator)


@pytest.mark.parametrize(("rule", "outcome", "orders"), FAULTS.values(), ids=FAULTS.keys())
def test_what_an_order_is_said_to_be_fits_the_book(
    world: VinSuiteWorld, simulator: RemoteSimulator, rule: dict[str, Any], outcome: Outcome, orders: int
):
    simulator.set_faults({**rule, "operations": ["AddOrder"]})
    assert world.crm.create_order(ORDER, timeout=IMPATIENCE).outcome is outcome
    assert simulator.fired() == {rule["kind"]: 1}
    assert len(world.orders()) == orders


def test_a_number_that_vinsuite_refuses_to_repeat_is_refused_with_its_words(
    world: VinSuiteWorld, simulator: RemoteSimulator
):
    simulator.set_faults({"kind": "refused_duplicates"})
    results = [world.crm.create_order(ORDER, timeout=PATIENCE) for _ in range(2)]
    assert [result.outcome for result in results] == [Outcome.DONE, Outcome.REFUSED]
    assert results[1].message
    assert len(world.orders()) == 1


def with_twelve_orders(simulator: RemoteSimulator, world: VinSuiteWorld, until: datetime) -> None:
    """Numbers 1 to 12, entered a second apart."""
    world.crm.create_order(ORDER, timeout=PATIENCE)
    (order,) = simulator.book(WINERY).orders
    orders = tuple(
        order.model_copy(
            update={
                "order_id": UUID(an_id(f"order-{number}")),
                "order_number": number,
                "displayed_number": f"CH-{number}",
                "payload": order.payload.model_copy(update={"order_number": number}),
                "modified_at": until - timedelta(seconds=number),
            }
        )
        for number in range(1, 13)
    )
    seed = the_seed()
    simulator.seed(WINERY, seed.model_copy(update={"book": seed.book.model_copy(update={"orders": orders})}))


@pytest.mark.parametrize("cap", [2, 5, 100])
def test_every_order_is_found_although_lists_are_cut(
    world: VinSuiteWorld, simulator: RemoteSimulator, cap: int
):
    now = datetime.now(UTC)
    with_twelve_orders(simulator, world, now)
    simulator.set_faults({"kind": "artificial_cap", "max_results": cap, "operations": ["GetOrders"]})
    for number in (1, 6, 12, 13):
        found = world.crm.find_orders(
            OrderNumber(prefix="CH-", number=number),
            around=(now - timedelta(minutes=1), now),
            timeout=PATIENCE,
        )
        assert len(found) == (number < 13)
    listed = world.crm.list_orders(around=(now - timedelta(minutes=1), now), timeout=PATIENCE)
    assert len(listed) == len({order.crm_order_id for order in listed}) == 12


@pytest.mark.parametrize("offset", [-840, -480, 0, 840])
def test_an_order_is_found_whatever_clock_vinsuite_goes_by(
    world: VinSuiteWorld, simulator: RemoteSimulator, offset: int
):
    simulator.set_faults(behaviours={"server_utc_offset_minutes": offset})
    world.crm.create_order(ORDER, timeout=PATIENCE)
    now = datetime.now(UTC)
    around = (now - timedelta(seconds=5), now)
    assert len(world.crm.find_orders(ORDER.order_number, around=around, timeout=PATIENCE)) == 1


def test_orders_are_stored_as_unbilled_unconfirmed_pickups(world: VinSuiteWorld, simulator: RemoteSimulator):
    world.crm.create_order(ORDER, timeout=PATIENCE)
    (order,) = simulator.book(WINERY).orders
    assert not order.billed
    assert (order.flags.is_send_order_confirmation, order.flags.is_decrement_inventory) == (False, False)
    assert (order.payload.is_reservation, order.payload.is_will_call_order) == (True, True)
    assert order.warnings == ()
    assert str(order.member_id) == ADA.customer_id


def test_without_its_calls_vinsuite_can_do_less_and_says_so(world: VinSuiteWorld, simulator: RemoteSimulator):
    calls = ["GetWineryMemberTypes", "GetProducts", "GetOrders"]
    simulator.set_faults(behaviours={"without_operations": calls})
    crm = world.crm
    crm.find_customers(email="ada@example.com", timeout=PATIENCE)
    assert crm.list_contact_types(timeout=PATIENCE) == [PURCHASERS, TRADE]
    with pytest.raises(NotSupportedByCrmError):
        crm.list_skus(timeout=PATIENCE)
    now = datetime.now(UTC)
    with pytest.raises(NotSupportedByCrmError):
        crm.find_orders(ORDER.order_number, around=(now, now), timeout=PATIENCE)
    with pytest.raises(NotSupportedByCrmError):
        crm.list_orders(around=(now, now), timeout=PATIENCE)
    assert (crm.capabilities().knows_skus, crm.capabilities().finds_orders) == (False, False)


def test_an_inactive_account_is_told_from_a_bad_login(world: VinSuiteWorld, simulator: RemoteSimulator):
    simulator.set_faults({"kind": "inactive_account"})
    assert world.crm.test_connection(timeout=PATIENCE).connection is Connection.ACCOUNT_INACTIVE
    with pytest.raises(CrmLoginRefusedError):
        world.crm.list_clubs(timeout=PATIENCE)


def test_a_wrong_partner_key_is_ours_to_mend(world: VinSuiteWorld, simulator: RemoteSimulator):
    wrong = str(PARTNER_KEY).replace("aa", "bb")
    crm = VinSuiteGateway(simulator.soap_url, partner_key=wrong, username=USERNAME, password=PASSWORD)
    assert crm.test_connection(timeout=PATIENCE).connection is Connection.OUR_CONFIGURATION
    with pytest.raises(CrmUnavailableError):
        crm.list_clubs(timeout=PATIENCE)
    assert crm.create_order(ORDER, timeout=PATIENCE)[::3] == (Outcome.NOT_DONE, False)
