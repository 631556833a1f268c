"""GetOrders: reading orders back, by window above all."""

from sandbox.vinsuite.operations.context import Context, RefusedError, or_nil
from sandbox.vinsuite.state.book import Order, folded
from sandbox.vinsuite.wire.payloads import GetOrdersRequest, OrderItemAdd
from sandbox.vinsuite.wire.reply_xml import Fields, Listing, Value
from sandbox.vinsuite.wire.values import wire_name

_NULLABLE = frozenset(
    (
        *("is_reservation", "is_will_call_order", "date_completed", "requested_ship_date"),
        *("sales_associate_id", "sub_total", "taxes", "shipping", "total"),
    )
)
_APART = frozenset({"order_items", "order_number", "order_number_prefix", "order_type", "member_id"})


def get_orders(context: Context, request: GetOrdersRequest) -> Fields:
    """Give the orders that meet every filter, the oldest first."""
    if not request.model_dump(exclude_none=True):
        raise RefusedError("A DateModified window, OrderID, OrderNumber or Email is required.")
    found = [order for order in context.book.orders.values() if _meets(context, request, order)]
    rows = tuple(_order(context, order) for order in context.capped(found))
    return {"Orders": Listing("Order", rows)}


def _meets(context: Context, request: GetOrdersRequest, order: Order) -> bool:
    return (
        _passes_filters(context, request, order)
        and context.is_read_already(order.added_at)
        and context.in_window(order.modified_at, request.date_modified_from, request.date_modified_to)
    )


def _passes_filters(context: Context, request: GetOrdersRequest, order: Order) -> bool:
    """Compare what the service filters by; the other fields it takes and leaves aside."""
    passed = {
        "OrderID": request.order_id in (None, order.order_id),
        "OrderNumber": request.order_number in (None, order.order_number),
        "Email": request.email is None or folded(request.email) == folded(order.payload.billing_email),
    }
    return all(passed[name] for name in context.behaviours.order_filters)


def _numbers(context: Context, order: Order) -> Fields:
    shown = context.behaviours.orders_show_prefix
    if shown == "joined":
        return {"OrderNumber": order.displayed_number}
    prefix: Fields = {"OrderNumberPrefix": order.payload.order_number_prefix} if shown == "apart" else {}
    return {"OrderNumber": order.order_number, **prefix}


def _order(context: Context, order: Order) -> Fields:
    payload: dict[str, Value] = {
        wire_name(name): or_nil(value) if name in _NULLABLE else value
        for name, value in order.payload
        if name not in _APART
    }
    items = tuple(_item(item) for item in order.payload.order_items or ())
    return {
        "OrderID": order.order_id,
        **_numbers(context, order),
        "OrderStatus": order.status,
        "OrderType": order.order_type,
        "DateModified": context.server_time(order.modified_at),
        "MemberID": or_nil(order.member_id),
        **payload,
        "OrderItems": Listing("OrderItem", items),
    }


def _item(item: OrderItemAdd) -> Fields:
    return {wire_name(name): value for name, value in item}
