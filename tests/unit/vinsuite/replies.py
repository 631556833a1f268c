"""Replies as VinSuite might write them, and the gateway and orders that the tests use."""

from datetime import date

from cellarhand.adapters.crm.vinsuite.gateway import VinSuiteGateway
from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from cellarhand.domain.customers.customer import Address, CustomerData
from cellarhand.domain.orders.order import Buyer, Order, OrderLine, OrderNumber

PARTNER_KEY = "5a5a5a5a-0000-4000-8000-00000000000a"
MEMBER_ID = "11111111-2222-4333-8444-555555555555"
ORDER_ID = "99999999-2222-4333-8444-555555555555"
ASSOCIATE_ID = "77777777-2222-4333-8444-555555555555"

ORDER = Order(
    order_number=OrderNumber(prefix="CH-", number=4711),
    buyer=Buyer(
        customer_id=MEMBER_ID,
        email="ann@example.com",
        first_name="Ann & Bob",
        last_name="Archer",
        phone="+1 707 555 0100",
        address=Address(line1="1 Vine Street", city="Sampleton", state="CA", zip_code="94599", country="US"),
    ),
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
    sales_associate=ASSOCIATE_ID,
    list_price=6800,
    discount=900,
)

ANN = CustomerData(email="ann@example.com", first_name="Ann", last_name="Archer", phone="+1 707 555 0100")


def gateway(address: str, assumptions: Assumptions = DEFAULT_ASSUMPTIONS) -> VinSuiteGateway:
    """A gateway with an invented login."""
    return VinSuiteGateway(
        address,
        partner_key=PARTNER_KEY,
        username="winery-user",
        password="winery-password",
        assumptions=assumptions,
    )


def envelope(content: str) -> str:
    """A SOAP 1.1 envelope."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<soap:Body>{content}</soap:Body></soap:Envelope>"
    )


def result(call: str, content: str) -> str:
    """The reply of a call, with these fields."""
    return envelope(
        f'<{call}Response xmlns="https://ws.ewinerysolutions.com/">'
        f"<{call}Result>{content}</{call}Result></{call}Response>"
    )


def success(call: str, content: str = "") -> str:
    """A reply that says yes."""
    return result(call, f"<IsSuccessful>true</IsSuccessful>{content}")


def refusal(call: str, text: str, content: str = "") -> str:
    """A reply that says no."""
    return result(call, f"<IsSuccessful>false</IsSuccessful><ErrorMessage>{text}</ErrorMessage>{content}")


def fault(code: str, text: str = "Server was unable to process request.") -> str:
    """A SOAP fault."""
    return envelope(
        f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{text}</faultstring></soap:Fault>"
    )


def identities(account: str, partner: str = "SUPPLIER", *, successful: bool) -> str:
    """A reply of TestConnection."""
    return result(
        "TestConnection",
        f"<IsSuccessful>{str(successful).lower()}</IsSuccessful>"
        f"<PrimaryAuthInfo><Type>{account}</Type></PrimaryAuthInfo>"
        f"<SecondaryAuthInfo><Type>{partner}</Type></SecondaryAuthInfo>",
    )


WORKING = identities("WINERY", successful=True)
