"""GetOrders: reading orders back, by window above all."""

from sandbox.vinsuite.book import Order, folded
from sandbox.vinsuite.operations.context import Context, RefusedError, or_nil
from sandbox.vinsuite.payloads import GetOrdersRequest, OrderItemAdd
from sandbox.vinsuite.reply_xml import Fields, Listing, Value
from sandbox.vinsuite.values import wire_name

_NULLABLE = frozenset(
    (
        *("is_reservation", "is_will_call_order", "date_completed", "requested_ship_date"),
        *("sales_associate_id", "sub_total", "taxes", "shipping", "total"),
    )
)
_APART = frozenset({"order_items", "order_number", "order_type", "member_id"})


def get_orders(context: Context, request: GetOrdersRequest) -> Fields:
    """Give the orders that meet every filter, the oldest first."""
    if not request.model_dump(exclude_none=True):
        raise RefusedError("A DateModified window, OrderID, OrderNumber or Email is required.")
    found = [order for order in context.book.orders.values() if _meets(context, request, order)]
    rows = tuple(_order(context, order) for order in context.capped(found))
    return {"Orders": Listing("Order", rows)}


def _meets(context: Context, request: GetOrdersRequest, order: Order) -> bool:
    return (
        request.order_id in (None, order.order_id)
        and request.order_number in (None, order.order_number)
        and (request.email is None or folded(request.email) == folded(order.payload.billing_email))
        and context.in_window(order.modified_at, request.date_modified_from, request.date_modified_to)
    )


def _order(context: Context, order: Order) -> Fields:
    payload: dict[str, Value] = {
        wire_name(name): or_nil(value) if name in _NULLABLE else value
        for name, value in order.payload
        if name not in _APART
    }
    items = tuple(_item(item) for item in order.payload.order_items or ())
    return {
        "OrderID": order.order_id,
        "OrderNumber": order.order_number,
        "OrderStatus": order.status,
        "OrderType": order.order_type,
        "DateModified": context.server_time(order.modified_at),
        "MemberID": or_nil(order.member_id),
        **payload,
        "OrderItems": Listing("OrderItem", items),
    }


def _item(item: OrderItemAdd) -> Fields:
    return {wire_name(name): value for name, value in item}
