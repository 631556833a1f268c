"""One invented winery, and what the contract suite needs of a CRM that holds it."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import NAMESPACE_DNS, uuid5

from cellarhand.domain.customers.customer import (
    Address,
    Club,
    ContactType,
    Customer,
    CustomerData,
    Membership,
    MembershipStatus,
)
from cellarhand.domain.orders.order import Buyer, Order, OrderLine, OrderNumber
from cellarhand.ports.crm import CrmGateway

PATIENCE = 10.0
"""Seconds for calls that end by themselves."""


def an_id(name: str) -> str:
    """The same guid for the same name, in every CRM."""
    return str(uuid5(NAMESPACE_DNS, f"{name}.example.com"))


GOLD = Club(id=an_id("gold"), name="Gold Club", active=True)
FOUNDERS = Club(id=an_id("founders"), name="Founders", active=False)
TRADE = ContactType(id=an_id("trade"), name="Trade")
PURCHASERS = ContactType(id=an_id("purchasers"), name="Purchasers")
SKUS = frozenset({"TASTE-CLASSIC", "CHEESE"})


def _in_gold(status: MembershipStatus) -> tuple[Membership, ...]:
    return (Membership(club_id=GOLD.id, club=GOLD.name, status=status),)


def _customer(first_name: str, last_name: str, **known: object) -> Customer:
    usual = {
        "customer_id": an_id(first_name),
        "email": f"{first_name.lower()}@example.com",
        "first_name": first_name,
        "last_name": last_name,
    }
    return Customer.model_validate(usual | known)


ADA = _customer(
    "Ada",
    "Archer",
    phone="7075550100",
    address=Address(line1="1 Vine Street", city="Sampleton", state="CA", zip_code="94599", country="US"),
    contact_types=(TRADE, PURCHASERS),
    memberships=_in_gold(MembershipStatus.ACTIVE),
)
BEN = _customer("Ben", "Baker", memberships=_in_gold(MembershipStatus.INACTIVE))
CLEO = _customer("Cleo", "Cooper", memberships=_in_gold(MembershipStatus.ON_HOLD))
DORA = _customer("Dora", "Twice", email="twice@example.com")
ELI = _customer("Eli", "Twice", email="twice@example.com")
FAY = _customer("Fay", "Müller")
GUS = _customer("Gus", "MÜLLER")
CUSTOMERS = [ADA, BEN, CLEO, DORA, ELI, FAY, GUS]

ZOE = CustomerData(
    email="zoe@example.com",
    first_name="Zoe",
    last_name="Zimmer",
    phone="7075550199",
    address=Address(line1="2 Vine Street", city="Sampleton", state="CA", zip_code="94599", country="US"),
)
ORDER = Order(
    order_number=OrderNumber(prefix="CH-", number=4711),
    buyer=Buyer(customer_id=ADA.customer_id, email="ada@example.com", first_name="Ada", last_name="Archer"),
    order_date=date(2026, 6, 1),
    pickup_date=date(2026, 6, 9),
    lines=(
        OrderLine(sku="TASTE-CLASSIC", name="Classic Tasting", quantity=2, unit_price=2050),
        OrderLine(sku="CHEESE", name="Cheese Board", quantity=1, unit_price=1800),
    ),
    sub_total=5900,
    taxes=443,
    total=6343,
    note="By the window, please.",
    list_price=6800,
    discount=900,
)


class Trouble(StrEnum):
    """Ways in which the next calls fail."""

    DOWN = "down"
    LOGIN_REFUSED = "login_refused"
    REPLY_LOST = "reply_lost"
    """Executed, but nobody hears of it."""
    REQUEST_LOST = "request_lost"
    """Sent, and never executed."""
    LATE = "late"
    """Executed after the caller has given up."""


class World(Protocol):
    """A CRM with the winery above."""

    impatience: float
    """Seconds for calls that have to run into their timeout."""

    @property
    def crm(self) -> CrmGateway:
        """The gateway under test."""
        ...

    def trouble(self, trouble: Trouble) -> None:
        """Have every call fail in this way, until `recover`."""
        ...

    def recover(self) -> None:
        """Have calls succeed again, after whatever was late has happened."""
        ...

    def orders(self) -> list[tuple[str, str, int]]:
        """Number, buyer's e-mail and total of every order in the CRM's own book."""
        ...

    def customers_with_email(self, email: str) -> int:
        """How many there are in the CRM's own book."""
        ...


def just_now() -> tuple[datetime, datetime]:
    """The window in which the test's own orders were changed."""
    now = datetime.now(UTC)
    return now - timedelta(minutes=1), now
