"""Reading a SOAP 1.1 call: by names, in any order, unknown elements left aside."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandbox.vinsuite.wire.payloads import LISTS

SERVICE = "https://ws.ewinerysolutions.com/"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_CREDENTIALS = ("Username", "Password", "PartnerKeyID", "WineryID")


class UnreadableCallError(Exception):
    """The caller's mistake, answered with a `soap:Client` fault."""


@dataclass(frozen=True)
class Call:
    """A call as it came; `fields` holds everything of the request but the credentials."""

    operation: str
    username: str | None
    password: str | None
    partner_key: str | None
    winery_id: str | None
    fields: dict[str, Any]


def named_operation(soap_action: str) -> str:
    """Read the operation out of the quoted SOAPAction header."""
    action = soap_action.strip()
    if not (action.startswith(f'"{SERVICE}') and action.endswith('"')):
        raise UnreadableCallError(
            f"Server did not recognize the value of HTTP Header SOAPAction: {soap_action or '(none)'}."
        )
    return action[1 + len(SERVICE) : -1]


def read_call(operation: str, body: bytes) -> Call:
    """Read the request object of an operation; raises UnreadableCallError."""
    request = _request_of(operation, _parsed(body))
    fields = {_local(child): _plain(child) for child in request if _is_ours(child)}
    username, password, partner_key, winery_id = (_text(fields.pop(name, None)) for name in _CREDENTIALS)
    return Call(operation, username, password, partner_key, winery_id, fields)


def _parsed(body: bytes) -> Element:
    try:
        return fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableCallError("Server was unable to read request. ---> The XML is not valid.") from error


def _request_of(operation: str, envelope: Element) -> Element:
    method = envelope.find(f"{{{ENVELOPE}}}Body/{{{SERVICE}}}{operation}")
    if envelope.tag != f"{{{ENVELOPE}}}Envelope" or method is None:
        raise UnreadableCallError(
            f"Server was unable to read request. ---> The SOAP 1.1 body has no {operation} of this service."
        )
    request = method.find(f"{{{SERVICE}}}Request")
    if request is None:
        raise UnreadableCallError(f"Server was unable to read request. ---> {operation} has no Request.")
    return request


def _plain(element: Element) -> Any:
    """Turn an element into None, text, a list or an object."""
    if element.get(f"{{{INSTANCE}}}nil") in ("true", "1"):
        return None
    if _local(element) in LISTS:
        return [_plain(item) for item in element]
    children = [child for child in element if _is_ours(child)]
    if children:
        return {_local(child): _plain(child) for child in children}
    return element.text or ""


def _is_ours(element: Element) -> bool:
    return element.tag.startswith(f"{{{SERVICE}}}")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
