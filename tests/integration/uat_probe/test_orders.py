"""Asked about orders, the probe finds what the simulator was switched to."""

import pytest

from operations.uat_probe.findings import FirstOrder, Repeat
from operations.uat_probe.orders import NotTakenError
from operations.uat_probe.steps.order_steps import effects, filters, first_order, own_numbers, repeat
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY
from tests.integration.uat_probe.conftest import SHOWN, Probe


@pytest.mark.parametrize(
    ("switches", "found"),
    [
        ({}, SHOWN),
        ({"server_utc_offset_minutes": 0}, SHOWN.model_copy(update={"clock_minutes": 0})),
        ({"server_utc_offset_minutes": 345}, SHOWN.model_copy(update={"clock_minutes": 345})),
        ({"given_numbers": "replaced"}, SHOWN.model_copy(update={"number_kept": False})),
        ({"orders_show_prefix": "joined"}, SHOWN.model_copy(update={"prefix": "joined"})),
        ({"orders_show_prefix": "left_out"}, SHOWN.model_copy(update={"prefix": "left_out"})),
        ({"without_operations": ["GetOrders"]}, FirstOrder(finds_orders=False)),
        ({"read_lag_seconds": 60}, FirstOrder(finds_orders=False)),
    ],
)
def test_how_an_order_is_shown(probe: Probe, switches: dict[str, object], found: FirstOrder):
    assert first_order(probe(begun=False, **switches)) == found


def test_a_login_that_is_refused_ends_the_probe_with_its_words(probe: Probe):
    with pytest.raises(NotTakenError, match="Invalid username or password"):
        first_order(probe({"kind": "bad_login"}, begun=False))


@pytest.mark.parametrize(
    ("switches", "outcome"),
    [
        ({}, "duplicated"),
        ({"repeated_number": "renumbers"}, "renumbered"),
        ({"repeated_number": "answers_first"}, "answers_first"),
        ({"orders_show_prefix": "joined"}, "duplicated"),
        ({"read_lag_seconds": 0.3}, "duplicated"),
        ({"without_operations": ["GetOrders"]}, "accepted_unread"),
    ],
)
def test_what_becomes_of_a_repeated_number(probe: Probe, switches: dict[str, object], outcome: str):
    assert repeat(probe(**switches)).outcome == outcome


def test_a_refused_number_is_told_with_its_words(probe: Probe):
    found = repeat(probe({"kind": "refused_duplicates"}))
    assert found == Repeat(
        outcome="refused", text=f"Order number {found.number} already exists.", number=found.number
    )


@pytest.mark.parametrize("honoured", [(), ("OrderNumber",), ("OrderID", "Email")])
def test_which_filters_are_honoured(probe: Probe, honoured: tuple[str, ...]):
    assert filters(probe(order_filters=honoured)).honoured == honoured


@pytest.mark.parametrize(("switch", "follows"), [("after_highest", True), ("own_range", False)])
def test_whose_numbers_the_service_goes_on_from(
    probe: Probe, simulator: RemoteSimulator, switch: str, follows: bool
):
    found = own_numbers(probe(own_numbers=switch))
    assert found.follows_ours is follows
    assert list(found.given) == [order.order_number for order in simulator.book(WINERY).orders][-2:]


def test_our_numbers_go_on_where_the_services_own_are_not(probe: Probe):
    session = probe({"kind": "refused_duplicates"})
    own_numbers(session)
    assert repeat(session).outcome == "refused"


@pytest.mark.parametrize(
    ("unasked", "billing", "stock"),
    [
        ([], (), "untouched"),
        (["bill"], ("BillOrderResponse",), "untouched"),
        (["decrement"], (), "decremented"),
    ],
)
def test_what_happens_that_nobody_asked_for(
    probe: Probe, unasked: list[str], billing: tuple[str, ...], stock: str
):
    found = effects(probe(does_unasked=unasked, tells_stock=True), "cellar@example.com")
    assert (found.signs_of_billing, found.stock, found.mailbox) == (billing, stock, "cellar@example.com")


def test_stock_that_is_not_told_is_not_guessed(probe: Probe):
    assert effects(probe(), None).stock == "not_told"


def test_every_order_is_marked_as_a_test_and_never_billed(probe: Probe, simulator: RemoteSimulator):
    session = probe()
    repeat(session)
    orders = simulator.book(WINERY).orders
    assert {order.payload.order_number_prefix for order in orders} == {"UAT-"}
    assert {order.payload.billing_email for order in orders} == {session.guest}
    assert all("may be deleted" in (order.payload.order_notes or "") for order in orders)
    assert not any(order.billed or order.flags.is_send_order_confirmation for order in orders)
