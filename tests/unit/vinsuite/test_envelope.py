"""Requests as they are written: every text survives, credentials come first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.adapters.crm.vinsuite.wire.envelope import Credentials, Fields, soap_action, write_request
from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.reply import parse

CREDENTIALS = Credentials("key", "user", "p<ss>&\"'")
NAMES = st.sampled_from(["Email", "OrderNotes", "SKU", "Member", "x1"])
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)
SCALARS = TEXTS | st.booleans() | st.integers(-(2**31), 2**31)
PAIRS = st.recursive(
    st.lists(st.tuples(NAMES, SCALARS), max_size=4),
    lambda inner: st.lists(st.tuples(NAMES, SCALARS | inner), max_size=4),
    max_leaves=12,
)


def request_of(fields: Fields) -> Node:
    envelope = parse(write_request("AddOrder", CREDENTIALS, fields))
    return envelope.children[0].children[0].children[0]


def as_pairs(node: Node) -> list[tuple[str, object]]:
    return [(child.name, as_pairs(child) or child.text) for child in node.children]


def as_sent(fields: Fields) -> list[tuple[str, object]]:
    return [(name, _text(value)) for name, value in fields]


def _text(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return as_sent(value) or ""
    return str(value)


@given(PAIRS)
def test_every_field_arrives_as_it_was_given(fields: Fields):
    assert as_pairs(request_of(fields))[3:] == as_sent(fields)


@given(st.text(max_size=40))
def test_no_text_makes_a_request_unreadable(text: str):
    arrived = request_of([("OrderNotes", text)]).children[3].text
    allowed = text.replace("\r\n", "\n").replace("\r", "\n")
    assert all(character in allowed for character in arrived)


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\ud800b", "a\ufffeb"])
def test_what_xml_can_not_hold_is_left_out(text: str):
    assert request_of([("OrderNotes", text)]).value("OrderNotes") == "ab"


def test_credentials_come_first():
    names = [child.name for child in request_of([("Email", "x")]).children]
    assert names == ["PartnerKeyID", "Username", "Password", "Email"]


def test_absent_fields_are_left_out():
    assert request_of([("Email", None)]).child("Email") is None


def test_operation_and_fields_are_in_the_services_namespace():
    written = write_request("AddOrder", CREDENTIALS, []).decode()
    assert '<soap:Body><AddOrder xmlns="https://ws.ewinerysolutions.com/"><Request>' in written
    assert soap_action("AddOrder") == '"https://ws.ewinerysolutions.com/AddOrder"'


def test_credentials_show_nothing():
    assert f"{CREDENTIALS!r} {CREDENTIALS}" == "Credentials(***) Credentials(***)"
