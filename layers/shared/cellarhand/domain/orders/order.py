"""The order that a reservation becomes in the CRM."""

from datetime import date
from hashlib import sha256

from cellarhand.domain.customers.customer import Address
from cellarhand.domain.models import StrictModel


class OrderLine(StrictModel):
    """A quantity of one SKU at one net unit price in minor units."""

    sku: str
    name: str
    quantity: int
    unit_price: int


class Buyer(StrictModel):
    """The guest as named on the order; `email` is normalised and links the order to the customer."""

    customer_id: str
    email: str
    first_name: str | None = None
    last_name: str
    phone: str | None = None
    address: Address | None = None


class OrderNumber(StrictModel):
    """The number of an order in the CRM: fixed before the first send, never changed."""

    prefix: str
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}"


class Order(StrictModel):
    """One customer-pickup order. Money in minor units; both dates are the winery's local dates."""

    order_number: OrderNumber
    buyer: Buyer
    order_date: date
    pickup_date: date
    lines: tuple[OrderLine, ...]
    sub_total: int
    taxes: int
    total: int
    note: str | None = None
    sales_associate: str | None = None
    list_price: int
    discount: int

    def fingerprint(self) -> str:
        """Distinguishes our order from a foreign one of the same number, by buyer, total and pickup date."""
        text = f"{self.order_number}|{self.buyer.email}|{self.total}|{self.pickup_date.isoformat()}"
        return sha256(text.encode()).hexdigest()[:32]


class ListedOrder(StrictModel):
    """An order from the CRM's list of all orders, whoever entered it, as it is there now.

    `number` is the number that the CRM shows, with its prefix where it shows one. A field is absent if the
    CRM doesn't return it or it can't be read (an amount that is no whole number of minor units).
    """

    crm_order_id: str
    number: str | None = None
    email: str | None = None
    total: int | None = None
    pickup_date: date | None = None


class FoundOrder(StrictModel):
    """An order found by its number; absent fields are those that this CRM does not return."""

    crm_order_id: str
    order_number: OrderNumber | None = None
    email: str | None = None
    total: int | None = None
    pickup_date: date | None = None
