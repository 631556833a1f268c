"""SOAP itself: what is not understood, and the dialects in which replies may come."""

import pytest
import requests

from sandbox.vinsuite.remote import RemoteSimulator
from tests.integration.vinsuite_simulator.caller import LOGIN, Caller, envelope, read_answer

_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def test_the_other_spelling_of_the_version_is_served_too(simulator: RemoteSimulator):
    call = Caller(simulator.soap_url.replace("2.00", "2.0"))

    assert call("TestConnection").successful


def test_an_unknown_operation_is_the_clients_fault(call: Caller):
    answer = call("SearchOrders")

    assert answer.status == 500
    assert answer.fault is not None
    assert "SOAPAction" in answer.fault


def test_an_operation_can_be_switched_away(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"without_operations": ["GetProducts"]})

    assert call("GetProducts").status == 500
    assert call("GetClubs").successful
    assert simulator.fired() == {"without_operations": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<unclosed",
        _BOMB,
        b"<other/>",
        envelope("GetClubs", LOGIN),
        envelope("GetMembers", LOGIN).replace(b"ws.ewinerysolutions.com", b"ws.example.com"),
    ],
)
def test_a_body_that_is_not_this_call_is_the_clients_fault(call: Caller, body: bytes):
    response = call.send("GetMembers", body)

    assert response.status_code == 500
    assert b"<faultcode>soap:Client</faultcode>" in response.content


@pytest.mark.parametrize(
    "fields",
    [
        {"MemberID": "{not-a-guid}"},
        {"DateModifiedFrom": "01/02/2026"},
        {"DateModifiedFrom": "2026-02-31T00:00:00"},
        {"Email": "a@example.com", "IncludeClubMemberships": "yes"},
    ],
)
def test_a_value_of_the_wrong_type_is_the_clients_fault(call: Caller, fields: dict[str, str]):
    answer = call("GetMembers", **fields)

    assert answer.status == 500
    assert answer.fault is not None
    assert answer.fault.startswith("Server was unable to read request")


def test_only_xml_is_taken(simulator: RemoteSimulator):
    response = requests.post(simulator.soap_url, json={"request": {}}, timeout=5)

    assert response.status_code == 415


def test_an_oversized_body_is_refused(call: Caller):
    assert call.send("GetMembers", b" " * (4 * 1024 * 1024 + 1)).status_code == 413


def test_unset_filters_may_be_sent_as_nil(call: Caller):
    body = envelope("GetMembers", {**LOGIN, "Email": "ada@example.com", "MemberID": ""})
    nil = b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true" />'
    prefix = body.partition(b"MemberID")[0].rpartition(b"<")[2]
    named = b"<" + prefix + b"MemberID "

    answer = read_answer("GetMembers", call.send("GetMembers", body.replace(named + b"/>", named + nil)))

    assert len(answer.fields["Members"]) == 1


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ({"prefix": "ns1"}, b"<ns1:IsSuccessful>true</ns1:IsSuccessful>"),
        ({"envelope_prefix": "s"}, b"<s:Envelope"),
        ({"list_item_names": "anyType"}, b"<Members><anyType>"),
        ({"booleans": "digits"}, b"<IsSuccessful>1</IsSuccessful>"),
        ({"unset": "nil"}, b'<Address2 xsi:nil="true" />'),
        ({"unset": "empty"}, b"<Address2 />"),
        ({"empty_lists": "nil"}, b'<ClubMemberships xsi:nil="true" />'),
        ({"unknown_fields": True}, b"<Thing>"),
        ({"byte_order_mark": True}, b"\xef\xbb\xbf<?xml"),
        ({"indented": True}, b"\n        <IsSuccessful>true</IsSuccessful>"),
    ],
)
def test_replies_come_in_every_dialect(
    simulator: RemoteSimulator, call: Caller, dialect: dict[str, object], expected: bytes
):
    simulator.set_faults(behaviours={"dialect": dialect})
    wanted = {**LOGIN, "Email": "eli@example.com", "IncludeClubMemberships": "true"}

    response = call.send("GetMembers", envelope("GetMembers", wanted))

    assert expected in response.content
    assert read_answer("GetMembers", response).fields["Members"][0]["FirstName"] == "Eli"


@pytest.mark.parametrize(
    ("dialect", "absent"),
    [
        ({"unset": "missing"}, b"SalesAssociateID"),
        ({"empty_lists": "missing"}, b"ClubMemberships"),
        ({"hold_fields": False}, b"IsOnHold"),
    ],
)
def test_a_dialect_may_leave_things_out(
    simulator: RemoteSimulator, call: Caller, dialect: dict[str, object], absent: bytes
):
    wanted = {**LOGIN, "IncludeClubMemberships": "true"}
    email = "ada@example.com" if "hold_fields" in dialect else "eli@example.com"
    body = envelope("GetMembers", {**wanted, "Email": email})
    before = call.send("GetMembers", body).content
    simulator.set_faults(behaviours={"dialect": dialect})

    assert absent in before
    assert absent not in call.send("GetMembers", body).content
