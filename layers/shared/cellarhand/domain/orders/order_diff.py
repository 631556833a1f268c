"""Which parts of a reservation go into its order, and which of them have changed.

Both sides are compared under the same settings, so an order in the CRM doesn't count as changed when a winery
maps another SKU. Check-in, no-show, internal notes, a new time on the same day and payment data that no order
contains are not compared.

Why: docs/decisions.md#compare-with-the-source-of-the-order
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.email import normalise_email
from cellarhand.domain.local_time import local_date
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.tenants.settings import Settings

from .order import Order


class OrderPart(StrEnum):
    """A part of an order, as shown to staff."""

    CANCELLATION = "cancellation"
    EVENT = "event"
    VISIT_DATE = "visit_date"
    BOOKED_DATE = "booked_date"
    PARTY_SIZE = "party_size"
    PRICE = "price"
    DISCOUNT = "discount"
    ADD_ONS = "add_ons"
    GRATUITY = "gratuity"
    TAX = "tax"
    PAYMENT = "payment"
    GUEST = "guest"
    CUSTOMER = "customer"
    NOTE = "note"
    SALES_ASSOCIATE = "sales_associate"


_CORRECTABLE = frozenset({OrderPart.GUEST, OrderPart.CUSTOMER, OrderPart.NOTE, OrderPart.SALES_ASSOCIATE})


class OrderSource(FrozenModel):
    """What an order is made from, besides the winery's settings."""

    snapshot: Snapshot
    customer_id: str


class SentOrder(FrozenModel):
    """An order that was sent and that the CRM may still execute late, and what it was made from."""

    order: Order
    basis: OrderSource


class OrderChange(FrozenModel):
    """One part that has changed. Money in minor units; no values where they would be personal data."""

    part: OrderPart
    before: int | str | None = None
    after: int | str | None = None


class OrderContext(NamedTuple):
    """The settings under which both sides are compared: they decide dates and sales associates."""

    settings: Settings
    timezone: str

    def carries(self, basis: str) -> bool:
        """Whether an order shows this date: "event_date" or "booked_date"."""
        return basis in {self.settings.order_date, self.settings.pickup_date}


def changes_between(before: OrderSource, after: OrderSource, terms: OrderContext) -> tuple[OrderChange, ...]:
    """Every part that differs. A cancelled visit has no order: between two of them only payment counts."""
    both_cancelled = before.snapshot.state == after.snapshot.state == "cancelled"
    parts = (OrderPart.PAYMENT,) if both_cancelled else tuple(_COMPARED)
    return tuple(
        OrderChange(part=part, before=_shown(part, before, terms), after=_shown(part, after, terms))
        for part in parts
        if _COMPARED[part](before, terms) != _COMPARED[part](after, terms)
    )


def is_correctable(changes: Iterable[OrderChange]) -> bool:
    """Whether staff can edit the order in the CRM; for other changes they void or refund it."""
    return _CORRECTABLE.issuperset(change.part for change in changes)


def hidden_fields_hash(snapshot: Snapshot) -> str:
    """Hash of what changes don't show (personal data, line prices): changes that look alike differ in it."""
    prices = sorted(price.model_dump_json() for price in snapshot.guest_prices or ())
    add_ons = sorted(add_on.model_dump_json() for add_on in snapshot.add_ons)
    text = repr((prices, add_ons, _person(snapshot), snapshot.guest_note))
    return sha256(text.encode()).hexdigest()[:16]


def _shown(part: OrderPart, basis: OrderSource, terms: OrderContext) -> int | str | None:
    if part is OrderPart.BOOKED_DATE:
        return local_date(basis.snapshot.booked_at, terms.timezone).isoformat()
    return _SHOWN[part](basis) if part in _SHOWN else None


def _visit_date(basis: OrderSource, terms: OrderContext) -> Hashable:
    return basis.snapshot.visit_date if terms.carries("event_date") else None


def _booked_date(basis: OrderSource, terms: OrderContext) -> Hashable:
    return local_date(basis.snapshot.booked_at, terms.timezone) if terms.carries("booked_date") else None


def _prices(basis: OrderSource, _: OrderContext) -> Hashable:
    """The price of each guest; if discounts exceed the fees there is none, and the net fees are compared."""
    snapshot = basis.snapshot
    if snapshot.net_fees < 0:
        return snapshot.net_fees
    counted = Counter[int]()
    for price in snapshot.price_per_guest():
        counted[price.unit_price] += price.guests
    return snapshot.fees, frozenset(counted.items())


def _add_ons(basis: OrderSource, _: OrderContext) -> Hashable:
    counted = Counter[Hashable]()
    for add_on in basis.snapshot.add_ons:
        counted[add_on.sku, add_on.name, add_on.unit_price] += add_on.quantity
    return frozenset(counted.items())


def _person(snapshot: Snapshot) -> Hashable:
    guest = snapshot.guest
    email = normalise_email(guest.email or "")
    return email, guest.first_name, guest.last_name or "", guest.phone, guest.address


def _sales_associate(basis: OrderSource, terms: OrderContext) -> Hashable:
    associate: str | None = getattr(terms.settings.sales_associates, basis.snapshot.booking_source)
    return associate


_COMPARED: dict[OrderPart, Callable[[OrderSource, OrderContext], Hashable]] = {
    OrderPart.CANCELLATION: lambda basis, _: basis.snapshot.state == "cancelled",
    OrderPart.EVENT: lambda basis, _: basis.snapshot.event_id,
    OrderPart.VISIT_DATE: _visit_date,
    OrderPart.BOOKED_DATE: _booked_date,
    OrderPart.PARTY_SIZE: lambda basis, _: basis.snapshot.party_size,
    OrderPart.PRICE: _prices,
    OrderPart.DISCOUNT: lambda basis, _: basis.snapshot.discount,
    OrderPart.ADD_ONS: _add_ons,
    OrderPart.GRATUITY: lambda basis, _: basis.snapshot.gratuity,
    OrderPart.TAX: lambda basis, _: basis.snapshot.tax,
    OrderPart.PAYMENT: lambda basis, _: basis.snapshot.paid,
    OrderPart.GUEST: lambda basis, _: _person(basis.snapshot),
    OrderPart.CUSTOMER: lambda basis, _: basis.customer_id,
    OrderPart.NOTE: lambda basis, _: basis.snapshot.guest_note or None,
    OrderPart.SALES_ASSOCIATE: _sales_associate,
}

_SHOWN: dict[OrderPart, Callable[[OrderSource], int | str | None]] = {
    OrderPart.CANCELLATION: lambda basis: basis.snapshot.state,
    OrderPart.EVENT: lambda basis: basis.snapshot.event_id,
    OrderPart.VISIT_DATE: lambda basis: basis.snapshot.visit_date.isoformat(),
    OrderPart.PARTY_SIZE: lambda basis: basis.snapshot.party_size,
    OrderPart.PRICE: lambda basis: basis.snapshot.net_fees,
    OrderPart.DISCOUNT: lambda basis: basis.snapshot.discount,
    OrderPart.ADD_ONS: lambda basis: basis.snapshot.add_ons_total,
    OrderPart.GRATUITY: lambda basis: basis.snapshot.gratuity,
    OrderPart.TAX: lambda basis: basis.snapshot.tax,
    OrderPart.PAYMENT: lambda basis: basis.snapshot.paid,
    OrderPart.CUSTOMER: lambda basis: basis.customer_id,
    OrderPart.SALES_ASSOCIATE: lambda basis: basis.snapshot.booking_source,
}
