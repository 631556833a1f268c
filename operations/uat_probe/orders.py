"""Sending marked test orders as production would, and looking for them as production would."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

from cellarhand.adapters.crm.vinsuite.orders.orders import ADD_ORDER, order_request
from cellarhand.adapters.crm.vinsuite.orders.windows import WindowReader
from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.values import moment_text
from cellarhand.domain.orders.order import Buyer, Order, OrderLine, OrderNumber

from .session import Session
from .wire import Reply

SKU = "CELLARHAND-PROBE"
_PRICE = 100
_TRIES = 4
_NOTE = "Test order of the Cellarhand UAT probe; may be deleted."


class NotTakenError(Exception):
    """An order that should have been taken was not; the text says how."""


class Sent(NamedTuple):
    """An order that was sent: the answer, and when it had come."""

    number: OrderNumber
    reply: Reply
    at: datetime

    @property
    def order_id(self) -> str | None:
        """None: the CRM named none."""
        return self.reply.guid("OrderID")


def send(
    session: Session, number: OrderNumber, *, email: str | None = None, sku: str = SKU, numbered: bool = True
) -> Sent:
    """Send one order. `numbered` False: leave the number to the CRM."""
    fields = order_fields(number, email or session.guest, sku)
    if not numbered:
        fields = without(fields, "OrderNumber")
    reply = session.wire.post(ADD_ORDER, fields)
    return Sent(number, reply, datetime.now(UTC))


def send_taken(session: Session, *, email: str | None = None, sku: str = SKU) -> Sent:
    """Send one order under a number that was not used before; again if it was turned away at the door.

    Raises `NotTakenError`.
    """
    sent = send(session, session.next_number(), email=email, sku=sku)
    for _ in range(_TRIES - 1):
        if sent.reply.ended != "status":
            break
        session.wait_as_told(sent.reply.retry_after)
        sent = send(session, session.next_number(), email=email, sku=sku)
    if sent.reply.ended != "accepted":
        raise NotTakenError(f"An order was not taken ({sent.reply.ended}): {sent.reply.text}")
    return sent


def order_fields(number: OrderNumber, email: str, sku: str = SKU) -> Fields:
    """The request that production's adapter makes of such an order."""
    today = datetime.now(UTC).date()
    order = Order(
        order_number=number,
        buyer=Buyer(customer_id="", email=email, first_name="Test", last_name="Cellarhand Probe"),
        order_date=today,
        pickup_date=today + timedelta(days=1),
        lines=(OrderLine(sku=sku, name="Cellarhand UAT probe", quantity=1, unit_price=_PRICE),),
        sub_total=_PRICE,
        taxes=0,
        total=_PRICE,
        note=_NOTE,
        list_price=_PRICE,
        discount=0,
    )
    return order_request(order, DEFAULT_ASSUMPTIONS)


def rows_since(session: Session, since: datetime, filters: Fields = ()) -> list[Node]:
    """Orders changed since then, read in parts like production's. Raises `CallFailedError`."""

    def window(begin: datetime, end: datetime) -> list[Node]:
        dates = [("DateModifiedFrom", moment_text(begin)), ("DateModifiedTo", moment_text(end))]
        result = session.read(DEFAULT_ASSUMPTIONS.orders_call, [*dates, *filters])
        return result.items(DEFAULT_ASSUMPTIONS.orders_list, "OrderID")

    reader = WindowReader(
        window, lambda row: row.moment("DateModified"), DEFAULT_ASSUMPTIONS.smallest_result_cap
    )
    rows = reader.whole(*session.server_window(since))
    return list({row.guid("OrderID"): row for row in rows}.values())


def row_of(session: Session, sent: Sent, bound: float) -> tuple[Node, float] | None:
    """The order as it is shown and after how many seconds, or None if it is not within the bound."""
    for _ in session.polls(bound):
        for row in rows_since(session, sent.at):
            if sent.order_id and row.guid("OrderID") == sent.order_id:
                return row, (datetime.now(UTC) - sent.at).total_seconds()
    return None


def shown_number(row: Node) -> str:
    """Number and prefix as the row shows them, in one text."""
    return f"{row.value('OrderNumberPrefix') or ''}{row.value('OrderNumber') or ''}"


def without(request: Fields, name: str) -> Fields:
    """The request without one field of its order."""
    order = [field for field in cast(Fields, request[0][1]) if field[0] != name]
    return [("Order", order), *request[1:]]
