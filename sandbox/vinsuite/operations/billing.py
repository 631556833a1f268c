"""BillOrder and AddOrderNote: changing an order that is there."""

from uuid import UUID

from sandbox.vinsuite.operations.context import Context, RefusedError
from sandbox.vinsuite.state.book import Order, OrderNote
from sandbox.vinsuite.wire.payloads import AddOrderNoteRequest, BillOrderRequest
from sandbox.vinsuite.wire.reply_xml import Fields

BILLED: Fields = {"ComplianceResponse": {"ComplianceStatus": "NotChecked"}}
_DECLINED_DIGIT = "0"


def bill_order(context: Context, request: BillOrderRequest) -> Fields:
    """Bill an order once; a card number that ends in 0 is declined."""
    order = _order(context, request.order_id)
    if order.billed:
        raise RefusedError("Order has already been billed.")
    if (request.credit_card_number or "").endswith(_DECLINED_DIGIT):
        raise RefusedError("The card was declined.")
    changes = {"billed": True, "status": "Completed", "modified_at": context.now}
    context.book.keep_order(order.model_copy(update=changes))
    return BILLED


def add_order_note(context: Context, request: AddOrderNoteRequest) -> Fields:
    """Add a note to an order."""
    order = _order(context, request.order_id)
    text = request.notes or request.order_notes or request.note
    if not text:
        raise RefusedError("Notes is required.")
    notes = (*order.notes, OrderNote(notes=text, added_at=context.now))
    context.book.keep_order(order.model_copy(update={"notes": notes, "modified_at": context.now}))
    return {}


def _order(context: Context, order_id: UUID | None) -> Order:
    order = context.book.orders.get(order_id) if order_id else None
    if order is None:
        raise RefusedError("OrderID is not an order of this winery.")
    return order
