"""Reading replies: untrusted XML under limits, then down to the result object."""

from collections.abc import Mapping
from typing import cast
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .node import Node, garbled
from .outcomes import CallFailedError, Seen

REPLY_LIMIT_BYTES = 2_000_000
DEPTH_LIMIT = 64
ELEMENT_LIMIT = 100_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _LimitedTree:
    """Target of the parser: builds `Node`s and gives up on replies that are out of all proportion."""

    def __init__(self) -> None:
        self._open: list[Node] = [Node("")]
        self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._elements += 1
        if len(self._open) > DEPTH_LIMIT:
            raise garbled("too deeply nested elements")
        if self._elements > ELEMENT_LIMIT:
            raise CallFailedError(Seen.OVERSIZED, "VinSuite's reply can't be read: too many elements.")
        node = Node(_local(tag), nil=any(_is_nil(name, value) for name, value in attributes.items()))
        self._open[-1].children.append(node)
        self._open.append(node)

    def data(self, text: str) -> None:
        """Text of the innermost open element, in pieces."""
        self._open[-1].text += text

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser has matched the tags
        """The innermost element ends."""
        self._open.pop()

    def close(self) -> Node:
        """The root element."""
        return self._open[0].children[0]


def read_reply(call: str, body: bytes) -> Node:
    """The result object of a call. Raises `CallFailedError` for a fault and for anything else."""
    content = _body_of(parse(body))
    fault = content.child("Fault")
    if fault:
        raise _as_failure(fault)
    response = content.child(f"{call}Response")
    result = response.child(f"{call}Result") if response else None
    if result is None:
        raise garbled(f"it holds no result of {call}")
    return result


def parse(body: bytes) -> Node:
    """The root of any well-formed XML without a DTD; raises `CallFailedError` for anything else."""
    parser = DefusedXMLParser(target=_LimitedTree(), forbid_dtd=True)
    try:
        parser.feed(body.removeprefix(_BYTE_ORDER_MARK).lstrip())
        root = parser.close()
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        failure = garbled("it is no XML that we accept")
    else:
        return cast(Node, root)
    raise failure


def _body_of(envelope: Node) -> Node:
    body = envelope.child("Body")
    if envelope.name != "Envelope" or body is None:
        raise garbled("it is no SOAP envelope")
    return body


def _as_failure(fault: Node) -> CallFailedError:
    """SOAP 1.1 and 1.2 faults. The text stays out: it may hold a stack trace or the caller's data."""
    code_of_12 = fault.child("Code")
    code = fault.value("faultcode") or (code_of_12.value("Value") if code_of_12 else None) or ""
    local = code.rpartition(":")[2]
    return CallFailedError(Seen.FAULT, "VinSuite answered with a fault.", fault_code=local)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_nil(attribute: str, value: str) -> bool:
    return _local(attribute) == "nil" and value.strip() in ("true", "1")
