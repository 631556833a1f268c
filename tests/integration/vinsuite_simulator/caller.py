"""A plain SOAP 1.1 caller, written from the contract and apart from the adapter."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import requests
from defusedxml.ElementTree import fromstring

from sandbox.vinsuite.state.default_seed import PARTNER_KEY, PASSWORD, USERNAME

SERVICE = "https://ws.ewinerysolutions.com/"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
LOGIN = {"PartnerKeyID": str(PARTNER_KEY), "Username": USERNAME, "Password": PASSWORD}


@dataclass(frozen=True)
class Answer:
    """What came back: the result's fields as nested plain values, or the text of a fault."""

    status: int
    fields: dict[str, Any]
    fault: str | None = None

    @property
    def successful(self) -> bool:
        return self.fields.get("IsSuccessful") in ("true", "1")

    @property
    def error(self) -> str:
        return str(self.fields["ErrorMessage"])


@dataclass(frozen=True)
class Caller:
    """Calls with one account; every value is written as text, lists with an item name each."""

    url: str
    username: str = USERNAME
    password: str = PASSWORD
    partner_key: str = str(PARTNER_KEY)
    timeout: float = 10
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml; charset=utf-8"})

    def __call__(self, operation: str, **fields: Any) -> Answer:
        """Call and read the answer."""
        return read_answer(operation, self.send(operation, envelope(operation, self._with_login(fields))))

    def send(self, operation: str, body: bytes) -> requests.Response:
        """Post a body as it is."""
        headers = {**self.headers, "SOAPAction": f'"{SERVICE}{operation}"'}
        return requests.post(self.url, data=body, headers=headers, timeout=self.timeout)

    def _with_login(self, fields: dict[str, Any]) -> dict[str, Any]:
        login = {"PartnerKeyID": self.partner_key, "Username": self.username, "Password": self.password}
        return {**login, **fields}


def envelope(operation: str, fields: dict[str, Any]) -> bytes:
    """Write a request."""
    root = Element(f"{{{ENVELOPE}}}Envelope")
    method = SubElement(SubElement(root, f"{{{ENVELOPE}}}Body"), f"{{{SERVICE}}}{operation}")
    _write(SubElement(method, f"{{{SERVICE}}}Request"), fields)
    written: bytes = tostring(root, encoding="utf-8")
    return written


def read_answer(operation: str, response: requests.Response) -> Answer:
    """Read a reply by local names."""
    root = fromstring(response.content)
    fault = next((each.text for each in root.iter("faultstring")), None)
    result = next((each for each in root.iter() if _local(each) == f"{operation}Result"), None)
    return Answer(response.status_code, {} if result is None else _read(result), fault)


def an_order(**changes: Any) -> dict[str, Any]:
    """Give an order for two guests that adds up."""
    usual: dict[str, Any] = {
        "OrderNumber": "7001",
        "OrderNumberPrefix": "CH-",
        "IsReservation": "true",
        "BillingFirstName": "Nora",
        "BillingLastName": "Newcomer",
        "BillingEmail": "nora@example.com",
        "OrderItems": [
            {"SKU": "TASTE-CLASSIC", "Name": "Classic Tasting", "Quantity": "2", "Price": "25.00"}
        ],
        "SubTotal": "50.00",
        "Taxes": "4.00",
        "Shipping": "0.00",
        "Total": "54.00",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def _write(parent: Element, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        child = SubElement(parent, f"{{{SERVICE}}}{name}")
        if isinstance(value, dict):
            _write(child, value)
        elif isinstance(value, list):
            for item in value:
                _write(SubElement(child, f"{{{SERVICE}}}OrderItemAdd"), item)
        else:
            child.text = value


def _read(element: Element) -> dict[str, Any]:
    """Read fields; an element with children becomes a list where they share one name, else an object."""
    fields: dict[str, Any] = {}
    for child in element:
        names = {_local(grandchild) for grandchild in child}
        many = len(names) == 1 and all(len(grandchild) for grandchild in child)
        value: Any = [_read(item) for item in child] if many else _read(child)
        fields[_local(child)] = value if names else child.text
    return fields


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
