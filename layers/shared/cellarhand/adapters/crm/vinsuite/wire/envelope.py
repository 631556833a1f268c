"""Writing requests: SOAP 1.1, document/literal, credentials first inside the request object."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE_NAMESPACE = "https://ws.ewinerysolutions.com/"

type Value = str | bool | int | Fields | None
type Fields = Sequence[tuple[str, Value]]
"""Named values in the order in which they are sent. None: the field is left out."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Credentials(NamedTuple):
    """The fields that open every request. Our partner key, the winery's login."""

    partner_key: str
    username: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(***)"


def soap_action(call: str) -> str:
    """The value of the `SOAPAction` header; the same in every environment."""
    return f'"{SERVICE_NAMESPACE}{call}"'


def write_request(call: str, credentials: Credentials, fields: Fields) -> bytes:
    """The whole body of a request. Characters that XML can't hold are left out."""
    envelope = Element("soap:Envelope", {"xmlns:soap": ENVELOPE_NAMESPACE})
    operation = SubElement(SubElement(envelope, "soap:Body"), call, {"xmlns": SERVICE_NAMESPACE})
    request = SubElement(operation, "Request")
    _append(request, base_fields(credentials))
    _append(request, fields)
    written: bytes = tostring(envelope, encoding="utf-8", xml_declaration=True)
    return written


def base_fields(credentials: Credentials) -> Fields:
    """The fields of the base class, which come first in the schema's sequence."""
    return [
        ("PartnerKeyID", credentials.partner_key),
        ("Username", credentials.username),
        ("Password", credentials.password),
    ]


def _append(parent: Element, fields: Fields) -> None:
    for name, value in fields:
        if value is None:
            continue
        child = SubElement(parent, name)
        if isinstance(value, bool | int | str):
            child.text = _text(value)
        else:
            _append(child, value)


def _text(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _NOT_XML.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
