"""AddOrder and what can be done with an order afterwards."""

from decimal import Decimal

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.book import Order
from sandbox.vinsuite.state.default_seed import WINERY, club_id, member_id, type_id
from tests.integration.vinsuite_simulator.caller import Caller, an_order

_LONG_WINDOW = {"DateModifiedFrom": "2020-01-01T00:00:00", "DateModifiedTo": "2099-01-01T00:00:00"}


def _only_order(simulator: RemoteSimulator) -> Order:
    (order,) = simulator.book(WINERY).orders
    return order


def test_an_order_is_kept_as_it_was_received(simulator: RemoteSimulator, call: Caller):
    answer = call(
        "AddOrder", BillOrder="false", IsDecrementInventory="false", Order=an_order(OrderNotes="Window")
    )

    order = _only_order(simulator)
    assert answer.fields["OrderID"] == str(order.order_id)
    assert answer.fields["OrderNumber"] == "7001"
    assert (order.displayed_number, order.status, order.warnings) == ("CH-7001", "Pending", ())
    assert (order.payload.total, order.payload.order_notes) == (Decimal("54.00"), "Window")
    assert (order.flags.bill_order, order.flags.is_send_order_confirmation) == (False, None)
    assert order.received["Order"]["OrderItems"][0]["Price"] == "25.00"
    assert "Password" not in order.received


def test_a_completed_date_makes_a_completed_order(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order(DateCompleted="2026-05-01T10:00:00"))

    order = _only_order(simulator)
    assert (order.status, order.payload.date_completed) == ("Completed", "2026-05-01T10:00:00")


def test_unknown_skus_become_inactive_products(simulator: RemoteSimulator, call: Caller):
    item = {"SKU": "NOBODY-HAS-IT", "Name": "Surprise", "Quantity": "1", "Price": "5"}
    call("AddOrder", Order=an_order(OrderItems=[item]))

    made = simulator.book(WINERY).products[-1]
    assert (made.sku, made.title, made.is_active, made.came_by_order) == (
        "NOBODY-HAS-IT",
        "Surprise",
        False,
        True,
    )
    assert call("GetProducts").fields["Products"][-1]["IsActive"] == "false"


@pytest.mark.parametrize(("asked", "left"), [("true", 498), ("false", 500)])
def test_stock_goes_down_only_when_asked(simulator: RemoteSimulator, call: Caller, asked: str, left: int):
    call("AddOrder", IsDecrementInventory=asked, Order=an_order())

    assert simulator.book(WINERY).products[0].stock == left


def test_a_known_buyer_is_linked_and_becomes_a_purchaser(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order(BillingEmail="LEA@example.com"))

    (lea,) = simulator.book(WINERY).members_with_email("lea@example.com")
    assert _only_order(simulator).member_id == member_id("Lea")
    assert lea.member_type_ids == (type_id("Trade"), type_id("Purchasers"))


def test_an_unknown_buyer_becomes_a_member(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order())

    (nora,) = simulator.book(WINERY).members_with_email("nora@example.com")
    assert (nora.last_name, nora.came_by) == ("Newcomer", "AddOrder")
    assert _only_order(simulator).member_id == nora.member_id


def test_an_unknown_buyer_stays_unknown_where_switched(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"order_creates_member": False})

    call("AddOrder", Order=an_order())

    assert simulator.book(WINERY).members_with_email("nora@example.com") == ()
    assert _only_order(simulator).member_id is None
    assert simulator.fired() == {"order_creates_member=false": 1}


def test_a_repeated_number_makes_a_second_order(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order())
    call("AddOrder", Order=an_order())

    assert len(simulator.book(WINERY).orders_numbered("CH-7001")) == 2


def test_an_order_without_number_gets_the_next(call: Caller):
    call("AddOrder", Order=an_order(OrderNumber="500000"))

    assert call("AddOrder", Order=an_order(OrderNumber=None)).fields["OrderNumber"] == "500001"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("BillingEmail", {"BillingEmail": None}),
        ("BillingLastName", {"BillingLastName": ""}),
        ("Total", {"Total": None}),
        ("OrderItems", {"OrderItems": []}),
        ("SKU", {"OrderItems": [{"Quantity": "1", "Price": "1"}]}),
        ("Quantity", {"OrderItems": [{"SKU": "A", "Quantity": "0", "Price": "1"}]}),
        ("Price", {"OrderItems": [{"SKU": "A", "Quantity": "1", "Price": "-1"}]}),
    ],
)
def test_a_refusal_names_the_field_and_keeps_nothing(
    simulator: RemoteSimulator, call: Caller, field: str, changes: dict[str, object]
):
    answer = call("AddOrder", Order=an_order(**changes))

    assert answer.error.startswith(field)
    assert simulator.book(WINERY).orders == ()


def test_money_that_does_not_add_up_is_a_warning_or_refused(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order(SubTotal="49.00"))
    simulator.set_faults(behaviours={"wrong_totals": "refused"})

    assert not call("AddOrder", Order=an_order(SubTotal="49.00")).successful
    assert len(_only_order(simulator).warnings) == 2


def test_the_name_of_a_sales_associate_crashes_the_service(simulator: RemoteSimulator, call: Caller):
    answer = call("AddOrder", Order=an_order(SalesAssociate="Sam"))

    assert answer.status == 500
    assert answer.fault is not None
    assert answer.fault.startswith("Server was unable to process request")
    assert simulator.book(WINERY).orders == ()


def test_card_numbers_are_never_kept(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order(CreditCardNumber="4111111111111111"))

    order = _only_order(simulator)
    assert "4111" not in order.model_dump_json()
    assert order.warnings == ("Card data was sent; it was not kept.",)


def test_an_order_is_billed_once(simulator: RemoteSimulator, call: Caller):
    order_id = call("AddOrder", Order=an_order()).fields["OrderID"]

    declined = call("BillOrder", OrderID=order_id, CreditCardNumber="0000000000000000")
    billed = call("BillOrder", OrderID=order_id, CartPaymentType="Cash")
    again = call("BillOrder", OrderID=order_id)

    assert (declined.successful, billed.successful, again.successful) == (False, True, False)
    assert billed.fields["ComplianceResponse"] == {"ComplianceStatus": "NotChecked"}
    assert (_only_order(simulator).status, _only_order(simulator).billed) == ("Completed", True)


def test_billing_with_the_order_answers_both(call: Caller):
    answer = call("AddOrder", BillOrder="true", Order=an_order())

    assert answer.fields["BillOrderResponse"] == [{"ComplianceStatus": "NotChecked"}]


@pytest.mark.parametrize("field", ["Notes", "OrderNotes", "Note"])
def test_a_note_is_added_under_any_of_its_likely_names(simulator: RemoteSimulator, call: Caller, field: str):
    order_id = call("AddOrder", Order=an_order()).fields["OrderID"]

    assert call("AddOrderNote", OrderID=order_id, **{field: "Bring water"}).successful
    assert [note.notes for note in _only_order(simulator).notes] == ["Bring water"]


def test_a_note_needs_a_known_order_and_a_text(call: Caller):
    order_id = call("AddOrder", Order=an_order()).fields["OrderID"]

    assert not call("AddOrderNote", OrderID=str(club_id("gold")), Notes="Lost").successful
    assert not call("AddOrderNote", OrderID=order_id).successful


def test_orders_are_read_back_by_window(call: Caller):
    call("AddOrder", Order=an_order())
    call("AddOrder", Order=an_order(OrderNumber="7002"))

    found = call("GetOrders", **_LONG_WINDOW).fields["Orders"]

    assert [(each["OrderNumberPrefix"], each["OrderNumber"]) for each in found] == [
        ("CH-", "7001"),
        ("CH-", "7002"),
    ]
    assert found[0]["OrderItems"][0]["SKU"] == "TASTE-CLASSIC"
    assert (found[0]["OrderStatus"], found[0]["Total"]) == ("Pending", "54.00")


def test_orders_are_filtered_by_number_email_and_id(call: Caller):
    order_id = call("AddOrder", Order=an_order()).fields["OrderID"]
    call("AddOrder", Order=an_order(OrderNumber="7002", BillingEmail="ada@example.com"))

    assert len(call("GetOrders", OrderID=order_id).fields["Orders"]) == 1
    assert len(call("GetOrders", OrderNumber="7002", Email="Ada@example.com").fields["Orders"]) == 1
    assert call("GetOrders", OrderNumber="7001", Email="ada@example.com").fields["Orders"] is None
    assert not call("GetOrders").successful
