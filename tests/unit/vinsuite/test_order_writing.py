"""AddOrder: exactly these fields, and never those."""

from dataclasses import replace

import pytest

from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.domain.orders.order import Order, OrderNumber
from cellarhand.ports.crm import Outcome
from tests.unit.vinsuite.loopback import Loopback, answer
from tests.unit.vinsuite.replies import ASSOCIATE_ID, MEMBER_ID, ORDER, ORDER_ID, gateway, success

FIELDS = {
    "OrderNumber": "4711",
    "OrderNumberPrefix": "CH-",
    "IsReservation": "true",
    "IsWillCallOrder": "true",
    "DateCompleted": "2026-06-01T00:00:00",
    "RequestedShipDate": "2026-06-09T00:00:00",
    "MemberID": MEMBER_ID,
    "BillingFirstName": "Ann",
    "BillingLastName": "Archer",
    "BillingAddress1": "1 Vine Street",
    "BillingCity": "Sampleton",
    "BillingState": "CA",
    "BillingZipCode": "94599",
    "BillingPhone": "707 555 0100",
    "BillingEmail": "ann@example.com",
    "SalesAssociateID": ASSOCIATE_ID,
    "OrderNotes": "By the window, please.",
    "SubTotal": "59.00",
    "Taxes": "4.43",
    "Shipping": "0.00",
    "Total": "63.43",
}


def sent(peer: Loopback, order: Order = ORDER) -> dict[str, str]:
    peer.answers(answer(success("AddOrder", f"<OrderID>{ORDER_ID}</OrderID>")))
    assert gateway(peer.url).create_order(order, timeout=5).outcome is Outcome.DONE
    node = peer.received[-1].fields.child("Order")
    assert node is not None
    return {child.name: child.text for child in node.children if child.name != "OrderItems"}


def test_an_order_is_sent_with_exactly_these_fields(peer: Loopback):
    assert sent(peer) == FIELDS


def test_billing_confirmation_and_stock_are_switched_off_in_words(peer: Loopback):
    sent(peer)
    request = peer.received[-1].fields
    off = [request.value(name) for name in ("BillOrder", "IsSendOrderConfirmation", "IsDecrementInventory")]
    assert off == ["false", "false", "false"]


def test_every_line_is_sent_at_its_net_unit_price(peer: Loopback):
    sent(peer)
    order = peer.received[-1].fields.child("Order")
    items = order.child("OrderItems") if order else None
    assert items is not None
    assert [[(field.name, field.text) for field in item.children] for item in items.children] == [
        [("SKU", "TASTE-CLASSIC"), ("Name", "Classic Tasting"), ("Quantity", "2"), ("Price", "20.50")],
        [("SKU", "CHEESE"), ("Name", "Cheese Board"), ("Quantity", "1"), ("Price", "18.00")],
    ]


ABSENT = {
    "no prefix": ({"order_number": OrderNumber(prefix="", number=1)}, "OrderNumberPrefix"),
    "no note": ({"note": None}, "OrderNotes"),
    "no associate": ({"sales_associate": None}, "SalesAssociateID"),
    "a buyer with a foreign id": (
        {"buyer": ORDER.buyer.model_copy(update={"customer_id": "c-1"})},
        "MemberID",
    ),
}


@pytest.mark.parametrize(("change", "field"), ABSENT.values(), ids=ABSENT.keys())
def test_what_there_is_not_is_not_sent(peer: Loopback, change: dict[str, object], field: str):
    assert field not in sent(peer, ORDER.model_copy(update=change))


IMPOSSIBLE = {
    "a number beyond the integer": {"order_number": OrderNumber(prefix="", number=2**31)},
    "a number of zero": {"order_number": OrderNumber(prefix="", number=0)},
    "an associate by name": {"sales_associate": "Jo"},
}


@pytest.mark.parametrize("change", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_vinsuite_could_not_store_is_refused_without_a_call(peer: Loopback, change: dict[str, object]):
    order = ORDER.model_copy(update=change)
    assert gateway(peer.url).create_order(order, timeout=5).outcome is Outcome.REFUSED
    assert peer.connections == 0


def test_the_will_call_mark_and_the_date_fields_follow_the_assumptions(peer: Loopback):
    peer.answers(answer(success("AddOrder", f"<OrderID>{ORDER_ID}</OrderID>")))
    other = replace(DEFAULT_ASSUMPTIONS, will_call=False, pickup_date_field="PickupDate")
    gateway(peer.url, other).create_order(ORDER, timeout=5)
    order = peer.received[-1].fields.child("Order")
    assert order is not None
    assert (order.value("IsWillCallOrder"), order.value("PickupDate")) == (None, "2026-06-09T00:00:00")
