"""Adds an order to VinSuite as a customer pickup.

Never sent: card data, the associate's name (it crashes the service), a shipping address.
"""

from cellarhand.adapters.crm.vinsuite.customers.member_writing import address_fields, first_name, phone
from cellarhand.adapters.crm.vinsuite.wire.assumptions import Assumptions
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.adapters.crm.vinsuite.wire.node import garbled
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.adapters.crm.vinsuite.wire.values import date_text, decimal_text, is_guid
from cellarhand.domain.orders.order import Buyer, Order, OrderLine

ADD_ORDER = "AddOrder"
HIGHEST_ORDER_NUMBER = 2**31 - 1


def write_order(service: WebService, order: Order, attempt: Attempt) -> str:
    """Add an order; answers its id."""
    check(order)
    result = service.call(ADD_ORDER, order_request(order, service.assumptions), attempt)
    order_id = result.guid("OrderID")
    if not order_id:
        raise garbled("it names no order")
    return order_id


def check(order: Order) -> None:
    """Raise what VinSuite would answer with a fault, whose outcome nobody could know."""
    if not 0 < order.order_number.number <= HIGHEST_ORDER_NUMBER:
        raise CallFailedError(Seen.NOT_POSSIBLE, "The order number does not fit into VinSuite's integer.")
    if order.sales_associate and not is_guid(order.sales_associate):
        raise CallFailedError(Seen.NOT_POSSIBLE, "The sales associate's id is not one of VinSuite's.")


def order_request(order: Order, assumptions: Assumptions) -> Fields:
    """The fields of AddOrder. What must not happen is said explicitly."""
    return [
        ("Order", _order_fields(order, assumptions)),
        ("IsDecrementInventory", False),
        ("BillOrder", False),
        ("IsSendOrderConfirmation", False),
    ]


def _order_fields(order: Order, assumptions: Assumptions) -> Fields:
    return [
        ("OrderNumber", order.order_number.number),
        ("OrderNumberPrefix", order.order_number.prefix or None),
        ("IsReservation", True),
        ("IsWillCallOrder", True if assumptions.will_call else None),
        (assumptions.order_date_field, date_text(order.order_date)),
        (assumptions.pickup_date_field, date_text(order.pickup_date)),
        *_buyer_fields(order.buyer, assumptions),
        ("SalesAssociateID", order.sales_associate or None),
        ("OrderItems", [("OrderItemAdd", _item_fields(line, assumptions)) for line in order.lines]),
        ("OrderNotes", order.note),
        ("SubTotal", decimal_text(order.sub_total, assumptions.currency_decimals)),
        ("Taxes", decimal_text(order.taxes, assumptions.currency_decimals)),
        ("Shipping", decimal_text(0, assumptions.currency_decimals)),
        ("Total", decimal_text(order.total, assumptions.currency_decimals)),
    ]


def _buyer_fields(buyer: Buyer, assumptions: Assumptions) -> Fields:
    chosen = assumptions.member_id_on_order and is_guid(buyer.customer_id)
    return [
        ("MemberID", buyer.customer_id if chosen else None),
        ("BillingFirstName", first_name(buyer.first_name, assumptions)),
        ("BillingLastName", buyer.last_name),
        *address_fields(buyer.address, "Billing"),
        ("BillingPhone", phone(buyer.phone, assumptions.order_phone_without)),
        ("BillingEmail", buyer.email),
    ]


def _item_fields(line: OrderLine, assumptions: Assumptions) -> Fields:
    return [
        ("SKU", line.sku),
        ("Name", line.name),
        ("Quantity", line.quantity),
        ("Price", decimal_text(line.unit_price, assumptions.currency_decimals)),
    ]
