"""The steps about single orders: how they are shown, numbered, filtered, and what else happens."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError
from cellarhand.domain.orders.order import OrderNumber
from operations.uat_probe.findings import Effects, Filters, FirstOrder, OwnNumbers, Repeat
from operations.uat_probe.orders import SKU, Sent, row_of, rows_since, send, send_taken, shown_number
from operations.uat_probe.session import PREFIX, Session

_GAP = 10_000
"""How far our numbers go on after the CRM has given its own, which may be the ones after ours."""
_QUARTER = timedelta(minutes=15)
_STOCK_WORDS = ("stock", "inventory", "onhand", "quantity")
_BILLING_WORDS = ("bill", "paid", "payment")
_NO_BILLING = ("Billing", "PaymentReference")


def first_order(session: Session) -> FirstOrder:
    """Send one order and look at how it is shown."""
    sent = send_taken(session)
    try:
        found = row_of(session, sent, session.limits.read_bound)
    except CallFailedError as failure:
        if session.is_unknown_call(failure):
            return FirstOrder(finds_orders=False)
        raise
    return _as_shown(found[0], sent) if found else FirstOrder(finds_orders=False)


def repeat(session: Session) -> Repeat:
    """Send one number twice."""
    first = send_taken(session)
    number = first.number
    if row_is_readable(session):
        row_of(session, first, session.limits.read_bound)
    second = send(session, number)
    if second.reply.ended == "refused":
        return Repeat(outcome="refused", text=second.reply.text, number=str(number))
    if second.reply.ended != "accepted":
        return Repeat(outcome="unclear", text=second.reply.text, number=str(number))
    return Repeat(outcome=_outcome(session, first, second), number=str(number))


def filters(session: Session) -> Filters:
    """Read two orders with one filter each: it is honoured if only the one asked for comes."""
    if not row_is_readable(session):
        return Filters(honoured=())
    since = datetime.now(UTC)
    guests = [session.next_guest() for _ in range(2)]
    orders = [send_taken(session, email=guest) for guest in guests]
    rows = [found[0] for each in orders if (found := row_of(session, each, session.limits.read_bound))]
    wanted = rows[0]
    asked = {
        "OrderID": wanted.value("OrderID"),
        "OrderNumber": (wanted.value("OrderNumber") or "").removeprefix(PREFIX),
        "Email": guests[0],
    }
    honoured = [name for name, value in asked.items() if _alone(session, since, name, value, wanted)]
    return Filters(honoured=tuple(honoured))


def own_numbers(session: Session) -> OwnNumbers:
    """Leave the number to the CRM, just after having sent one of ours."""
    ours = send_taken(session).number.number
    sent = [send(session, _unnumbered(session), numbered=False) for _ in range(2)]
    given = [number for each in sent if (number := _number_given(session, each))]
    session.journal.next_number += _GAP
    return OwnNumbers(given=tuple(given), ours=ours)


def effects(session: Session, mailbox: str | None) -> Effects:
    """Send an order of something that is in stock, to a mailbox that somebody can look into."""
    sku, before = _something_in_stock(session) or (SKU, None)
    sent = send_taken(session, email=mailbox, sku=sku)
    found = row_of(session, sent, session.limits.read_bound) if row_is_readable(session) else None
    seen = [each for each in (sent.reply.result, found[0] if found else None) if each]
    stock: Literal["untouched", "decremented", "not_told"] = "not_told"
    if before is not None:
        stock = "untouched" if _stock_of(session, sku) == before else "decremented"
    return Effects(
        signs_of_billing=tuple(sign for each in seen for sign in _signs_of_billing(each)),
        status=found[0].value("OrderStatus") if found else None,
        stock=stock,
        mailbox=mailbox,
    )


def row_is_readable(session: Session) -> bool:
    """Whether the first order was shown at all."""
    first = session.journal.findings.first_order
    return first is not None and first.finds_orders


def _as_shown(row: Node, sent: Sent) -> FirstOrder:
    number, prefix = str(sent.number.number), row.value("OrderNumberPrefix")
    shown = row.value("OrderNumber") or ""
    joined = prefix is None and shown.startswith(PREFIX)
    changed = row.moment("DateModified")
    return FirstOrder(
        finds_orders=True,
        number_kept=shown.removeprefix(PREFIX) == number,
        prefix="joined" if joined else "apart" if prefix is not None else "left_out",
        clock_minutes=_offset(changed - sent.at) if changed else None,
    )


def _offset(ahead: timedelta) -> int:
    """Rounded to quarters of an hour, as zones are."""
    return round(ahead / _QUARTER) * 15


def _outcome(
    session: Session, first: Sent, second: Sent
) -> Literal["duplicated", "renumbered", "answers_first", "accepted_unread"]:
    if second.order_id == first.order_id:
        return "answers_first"
    found = row_of(session, second, session.limits.read_bound) if row_is_readable(session) else None
    if found is None:
        return "accepted_unread"
    shown = shown_number(found[0]).removeprefix(PREFIX)
    return "duplicated" if shown == str(second.number.number) else "renumbered"


def _alone(session: Session, since: datetime, name: str, value: str | None, wanted: Node) -> bool:
    try:
        rows = rows_since(session, since, [(name, value)])
    except CallFailedError:
        return False
    return [row.guid("OrderID") for row in rows] == [wanted.guid("OrderID")]


def _unnumbered(session: Session) -> OrderNumber:
    session.journal.orders_sent += 1
    return OrderNumber(prefix=PREFIX, number=0)


def _number_given(session: Session, sent: Sent) -> int | None:
    shown = sent.reply.result.value("OrderNumber") if sent.reply.result else None
    if shown is None and row_is_readable(session):
        found = row_of(session, sent, session.limits.read_bound)
        shown = found[0].value("OrderNumber") if found else None
    digits = (shown or "").removeprefix(PREFIX)
    return int(digits) if digits.isdecimal() else None


def _something_in_stock(session: Session) -> tuple[str, int] | None:
    try:
        products = session.read("GetProducts", []).child("Products")
    except CallFailedError:
        return None
    stocked = ((each.value("SKU"), _stock(each)) for each in (products.filled() if products else []))
    return next(((sku, stock) for sku, stock in stocked if sku and stock), None)


def _stock_of(session: Session, sku: str) -> int | None:
    products = session.read("GetProducts", []).child("Products")
    rows = products.filled() if products else []
    return next((_stock(each) for each in rows if each.value("SKU") == sku), None)


def _stock(product: Node) -> int | None:
    counts = [
        each.text for each in product.children if any(word in each.name.lower() for word in _STOCK_WORDS)
    ]
    return next((int(float(text)) for text in counts if text.replace(".", "", 1).isdecimal()), None)


def _signs_of_billing(node: Node) -> list[str]:
    """Fields about billing, by name, that hold anything but "no"."""
    return [
        each.name
        for each in node.children
        if any(word in each.name.lower() for word in _BILLING_WORDS)
        and not each.name.startswith(_NO_BILLING)
        and (each.children or each.text.strip().lower() not in {"", "false", "0"})
    ]
