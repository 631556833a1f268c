"""Build the CRM order of a reservation: unit prices are net, so lines plus taxes are what the guest paid.

Both dates are local dates of the winery. Staff's internal note never goes into an order.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.email import normalise_email
from cellarhand.domain.local_time import local_date
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Settings

from .order import Buyer, Order, OrderLine, OrderNumber

GRATUITY = "Gratuity"


class OrderParts(NamedTuple):
    """What an order is made of besides the snapshot. `synced_on` is the winery's local date of the send."""

    order_number: OrderNumber
    customer_id: str
    event: EventBody
    settings: Settings
    timezone: str
    synced_on: date


def build_order(snapshot: Snapshot, parts: OrderParts) -> Order:
    """The order of an eligible snapshot (`assess` found every SKU mapped, e-mail and last name present)."""
    lines = order_lines(snapshot, parts.event, parts.settings)
    settings = parts.settings
    return Order(
        order_number=parts.order_number,
        buyer=_buyer(snapshot, parts.customer_id),
        order_date=_date(settings.order_date, snapshot, parts),
        pickup_date=_date(settings.pickup_date, snapshot, parts),
        lines=lines,
        sub_total=sum(line.quantity * line.unit_price for line in lines),
        taxes=snapshot.tax,
        total=snapshot.paid,
        note=snapshot.guest_note or None,
        sales_associate=getattr(settings.sales_associates, snapshot.booking_source),
        list_price=snapshot.fees + snapshot.add_ons_total + snapshot.gratuity,
        discount=snapshot.discount,
    )


def order_lines(snapshot: Snapshot, event: EventBody, settings: Settings) -> tuple[OrderLine, ...]:
    """One line per SKU and price: the visit's guests, then add-ons, then the gratuity."""
    visit = (
        _line(event.sku, event.name, price.guests, price.unit_price) for price in snapshot.price_per_guest()
    )
    add_ons = (_line(a.sku, a.name, a.quantity, a.unit_price) for a in snapshot.add_ons)
    gratuity = [_line(settings.gratuity_sku, GRATUITY, 1, snapshot.gratuity)] if snapshot.gratuity else []
    return _merged([*visit, *add_ons, *gratuity])


def _date(basis: str, snapshot: Snapshot, parts: OrderParts) -> date:
    if basis == "booked_date":
        return local_date(snapshot.booked_at, parts.timezone)
    return snapshot.visit_date if basis == "event_date" else parts.synced_on


def _buyer(snapshot: Snapshot, customer_id: str) -> Buyer:
    guest = snapshot.guest
    return Buyer(
        customer_id=customer_id,
        email=normalise_email(guest.email or ""),
        first_name=guest.first_name,
        last_name=guest.last_name or "",
        phone=guest.phone,
        address=guest.address,
    )


def _line(sku: str | None, name: str, quantity: int, unit_price: int) -> OrderLine:
    return OrderLine(sku=sku or "", name=name, quantity=quantity, unit_price=unit_price)


def _merged(lines: Iterable[OrderLine]) -> tuple[OrderLine, ...]:
    quantities: Counter[tuple[str, int]] = Counter()
    names: dict[tuple[str, int], str] = {}
    for line in lines:
        quantities[line.sku, line.unit_price] += line.quantity
        names.setdefault((line.sku, line.unit_price), line.name)
    return tuple(
        OrderLine(sku=sku, name=name, quantity=quantities[sku, price], unit_price=price)
        for (sku, price), name in names.items()
    )
