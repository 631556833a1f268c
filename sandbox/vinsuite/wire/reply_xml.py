"""Writing replies and faults, in whichever dialect is switched on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sandbox.vinsuite.switches import Dialect
from sandbox.vinsuite.wire.soap import ENVELOPE, INSTANCE, SERVICE


class Nil(Enum):
    """An unset value of a nullable type; .NET writes it as `xsi:nil`, while it leaves an unset string out."""

    NIL = "nil"


NIL = Nil.NIL

type Scalar = str | bool | int | Decimal | UUID | Nil | None
type Value = Scalar | Fields | Listing
type Fields = Mapping[str, Value]


@dataclass(frozen=True)
class Listing:
    """A list with the name that .NET would give its items."""

    item_name: str
    rows: tuple[Fields, ...]


def write_reply(operation: str, fields: Fields, dialect: Dialect) -> bytes:
    """Write the envelope of an operation's answer."""
    return _Writer(dialect).reply(operation, fields)


def write_fault(blame: str, text: str, dialect: Dialect) -> bytes:
    """Write a SOAP 1.1 fault; `blame` is Client or Server."""
    return _Writer(dialect).fault(blame, text)


class _Writer:
    """Writes names with their prefix in place, for ElementTree's table of prefixes is one per process."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._qualifier = f"{dialect.prefix}:" if dialect.prefix else ""

    def reply(self, operation: str, fields: Fields) -> bytes:
        envelope, body = self._envelope()
        declaration = f"xmlns:{self._dialect.prefix}" if self._dialect.prefix else "xmlns"
        response = SubElement(body, f"{self._qualifier}{operation}Response", {declaration: SERVICE})
        self._object(SubElement(response, f"{self._qualifier}{operation}Result"), fields)
        return self._written(envelope)

    def fault(self, blame: str, text: str) -> bytes:
        envelope, body = self._envelope()
        fault = SubElement(body, f"{self._dialect.envelope_prefix}:Fault")
        SubElement(fault, "faultcode").text = f"{self._dialect.envelope_prefix}:{blame}"
        SubElement(fault, "faultstring").text = text
        SubElement(fault, "detail")
        return self._written(envelope)

    def _envelope(self) -> tuple[Element, Element]:
        prefix = self._dialect.envelope_prefix
        envelope = Element(f"{prefix}:Envelope", {f"xmlns:{prefix}": ENVELOPE, "xmlns:xsi": INSTANCE})
        return envelope, SubElement(envelope, f"{prefix}:Body")

    def _written(self, envelope: Element) -> bytes:
        if self._dialect.indented:
            indent(envelope)
        written: bytes = tostring(envelope, encoding="utf-8", xml_declaration=True)
        return b"\xef\xbb\xbf" + written if self._dialect.byte_order_mark else written

    def _object(self, parent: Element, fields: Fields) -> None:
        if self._dialect.unknown_fields:
            self._add(parent, "NobodyKnowsThis", "1")
        for name, value in fields.items():
            self._add(parent, name, value)
        if self._dialect.unknown_fields:
            self._child(self._child(parent, "NobodyKnowsTheseEither"), "Thing").text = "1"

    def _add(self, parent: Element, name: str, value: Value) -> None:
        if isinstance(value, Listing):
            self._list(parent, name, value)
        elif isinstance(value, Mapping):
            self._object(self._child(parent, name), value)
        elif value is None or value is NIL:
            self._unset(parent, name, value)
        else:
            self._child(parent, name).text = self._text(value)

    def _list(self, parent: Element, name: str, listing: Listing) -> None:
        if not listing.rows and self._dialect.empty_lists != "empty":
            if self._dialect.empty_lists == "nil":
                self._nil(parent, name)
            return
        wrapper = self._child(parent, name)
        for row in listing.rows:
            self._object(self._child(wrapper, self._dialect.list_item_names or listing.item_name), row)

    def _unset(self, parent: Element, name: str, value: Nil | None) -> None:
        manner = self._dialect.unset
        if manner == "empty":
            self._child(parent, name)
        elif manner == "nil" or (manner == "dotnet" and value is NIL):
            self._nil(parent, name)

    def _nil(self, parent: Element, name: str) -> None:
        self._child(parent, name).set("xsi:nil", "true")

    def _child(self, parent: Element, name: str) -> Element:
        return SubElement(parent, f"{self._qualifier}{name}")

    def _text(self, value: str | bool | int | Decimal | UUID) -> str:
        if isinstance(value, bool):
            words = ("false", "true") if self._dialect.booleans == "words" else ("0", "1")
            return words[value]
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
