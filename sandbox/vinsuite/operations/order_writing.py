"""AddOrder: keep what came, make missing products, link or make the member, perhaps bill."""

from decimal import Decimal
from typing import Any

from sandbox.vinsuite.operations.billing import BILLED
from sandbox.vinsuite.operations.context import Context, CrashError, RefusedError, without_secrets
from sandbox.vinsuite.operations.member_writing import buyer_of_order
from sandbox.vinsuite.state.book import Order, Product, folded
from sandbox.vinsuite.wire.payloads import AddOrderRequest, OrderAdd, OrderFlags, OrderItemAdd
from sandbox.vinsuite.wire.reply_xml import Fields, Value

_BUYER = {
    "first_name": "billing_first_name",
    "last_name": "billing_last_name",
    "address1": "billing_address1",
    "address2": "billing_address2",
    "city": "billing_city",
    "state": "billing_state",
    "zip_code": "billing_zip_code",
    "phone1": "billing_phone",
}


def add_order(context: Context, request: AddOrderRequest, received: dict[str, Any]) -> Fields:
    """Add one order, also when its number was used before unless that is switched off."""
    sent = _checked(request)
    warnings = _warnings(context, sent, received)
    unasked = context.behaviours.does_unasked
    bill = bool(request.bill_order) or "bill" in unasked
    number = _number(context, sent)
    displayed = f"{sent.order_number_prefix or ''}{number}"
    if context.book.has_order_numbered(displayed):
        _refuse_repeated(context, displayed)
        if context.behaviours.repeated_number == "answers_first":
            first = context.book.order_numbered(displayed)
            return {"OrderID": first.order_id, "OrderNumber": first.order_number}
    _take_products(
        context, sent.order_items or (), bool(request.is_decrement_inventory) or "decrement" in unasked
    )
    order = Order(
        order_id=context.new_id(),
        order_number=number,
        displayed_number=displayed,
        number_is_ours=number != sent.order_number,
        status="Completed" if sent.date_completed or bill else "Pending",
        billed=bill,
        member_id=_buyer(context, sent),
        added_at=context.now,
        modified_at=context.now,
        payload=sent,
        flags=OrderFlags(**request.model_dump(exclude={"order"})),
        warnings=warnings,
        received=without_secrets(received),
    )
    context.book.keep_order(order)
    outcome: dict[str, Value] = {"BillOrderResponse": BILLED} if order.billed else {}
    return {"OrderID": order.order_id, "OrderNumber": number, **outcome}


def _checked(request: AddOrderRequest) -> OrderAdd:
    """Refuse what lacks a field, naming it; crash over the field that is known to crash the service."""
    order = request.order
    if order is None:
        raise RefusedError("Order is required.")
    if order.sales_associate is not None:
        raise CrashError("Object reference not set to an instance of an object.")
    if not order.order_items:
        raise RefusedError("OrderItems is required.")
    for item in order.order_items:
        _check_item(item)
    for field, value in (("BillingLastName", order.billing_last_name), ("BillingEmail", order.billing_email)):
        if not folded(value):
            raise RefusedError(f"{field} is required.")
    if order.total is None:
        raise RefusedError("Total is required.")
    return order


def _check_item(item: OrderItemAdd) -> None:
    if not folded(item.sku):
        raise RefusedError("SKU is required.")
    if item.quantity is None or item.quantity < 1:
        raise RefusedError("Quantity must be at least 1.")
    if item.price is None or item.price < 0:
        raise RefusedError("Price must be at least 0.")


def _warnings(context: Context, order: OrderAdd, received: dict[str, Any]) -> tuple[str, ...]:
    found = [*_money_warnings(order)]
    if found and context.behaviours.wrong_totals == "refused":
        context.faults.behaved("wrong_totals=refused")
        raise RefusedError(found[0])
    if without_secrets(received) != received:
        found.append("Card data was sent; it was not kept.")
    return tuple(found)


def _money_warnings(order: OrderAdd) -> list[str]:
    lines = Decimal(sum((item.price or 0) * (item.quantity or 0) for item in order.order_items or ()))
    parts = [order.sub_total, order.taxes, order.shipping]
    warnings = []
    if order.sub_total is not None and order.sub_total != lines:
        warnings.append(f"SubTotal is {order.sub_total}, the lines make {lines}.")
    if order.sub_total is not None and order.total != sum((part or Decimal() for part in parts), Decimal()):
        warnings.append(f"Total is {order.total}, which is not SubTotal, Taxes and Shipping together.")
    return warnings


def _number(context: Context, sent: OrderAdd) -> int:
    """Take the caller's number, or choose one."""
    behaviours, book = context.behaviours, context.book
    given = None if behaviours.given_numbers == "replaced" else sent.order_number
    repeated = given is not None and book.has_order_numbered(f"{sent.order_number_prefix or ''}{given}")
    if given is not None and not (repeated and behaviours.repeated_number == "renumbers"):
        return given
    return book.next_own_number() if behaviours.own_numbers == "own_range" else book.next_order_number()


def _refuse_repeated(context: Context, displayed: str) -> None:
    strike = context.draw("refused_duplicates")
    if strike is not None:
        strike.took_effect()
        raise RefusedError(f"Order number {displayed} already exists.")


def _take_products(context: Context, items: tuple[OrderItemAdd, ...], decrement: bool) -> None:
    for item in items:
        known = context.book.products.get(item.sku or "")
        product = known or _unknown_product(context, item)
        if decrement:
            product = product.model_copy(update={"stock": product.stock - (item.quantity or 0)})
        if product is not known:
            context.book.keep_product(product)


def _unknown_product(context: Context, item: OrderItemAdd) -> Product:
    return Product(
        product_id=context.new_id(),
        sku=item.sku or "",
        title=item.name or item.sku or "",
        is_active=False,
        price=item.price,
        came_by_order=True,
    )


def _buyer(context: Context, order: OrderAdd) -> Any:
    details = {ours: getattr(order, theirs) for ours, theirs in _BUYER.items()}
    return buyer_of_order(context, order.billing_email or "", details)
