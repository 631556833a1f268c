"""One member, written in every way in which .NET services are known to differ, reads as the same customer."""

import pytest

from cellarhand.adapters.crm.vinsuite.customers.members import read_customer
from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.adapters.crm.vinsuite.wire.reply import read_reply
from cellarhand.domain.customers.customer import ContactType, Customer, Membership, MembershipStatus
from tests.unit.vinsuite.replies import MEMBER_ID, success

CLUB_ID = "aaaaaaaa-2222-4333-8444-555555555555"
TYPE_ID = "bbbbbbbb-2222-4333-8444-555555555555"

MEMBERSHIP = f"<ClubLevelID>{CLUB_ID}</ClubLevelID><ClubLevel>Gold</ClubLevel><IsActive>true</IsActive>"
TYPE = f"<MemberTypeID>{TYPE_ID}</MemberTypeID><MemberTypeDescription>Trade</MemberTypeDescription>"
MEMBER = (
    f"<MemberID>{MEMBER_ID}</MemberID><Email>Ann@Example.com</Email>"
    "<FirstName>Ann</FirstName><LastName>Archer</LastName>"
    f"<ClubMemberships><ClubMembership>{MEMBERSHIP}</ClubMembership></ClubMemberships>"
    f"<MemberTypes><MemberType>{TYPE}</MemberType></MemberTypes>"
)
PLAIN = success("GetMembers", f"<Members><Member>{MEMBER}</Member></Members>")

ANN = Customer(
    customer_id=MEMBER_ID,
    email="ann@example.com",
    first_name="Ann",
    last_name="Archer",
    contact_types=(ContactType(id=TYPE_ID, name="Trade"),),
    memberships=(Membership(club_id=CLUB_ID, club="Gold", status=MembershipStatus.ACTIVE),),
)


def read(body: str | bytes) -> list[Customer]:
    raw = body if isinstance(body, bytes) else body.encode()
    result = read_reply("GetMembers", raw)
    return [
        read_customer(member, DEFAULT_ASSUMPTIONS)
        for member in result.items(DEFAULT_ASSUMPTIONS.members_list, "MemberID")
    ]


def with_prefixes(body: str) -> str:
    names = ("GetMembersResponse", "GetMembersResult", "Members", "Member", "MemberID", "Email", "FirstName")
    body = body.replace('xmlns="https', 'xmlns:w="https')
    for name in (*names, *_FIELDS):
        body = body.replace(f"<{name}>", f"<w:{name}>").replace(f"</{name}>", f"</w:{name}>")
    return body.replace("<GetMembersResponse ", "<w:GetMembersResponse ")


_FIELDS = (
    "LastName",
    "IsSuccessful",
    "ClubMemberships",
    "ClubMembership",
    "ClubLevelID",
    "ClubLevel",
    "IsActive",
    "MemberTypes",
    "MemberType",
    "MemberTypeID",
    "MemberTypeDescription",
)

SAME_MEMBER = {
    "plain": PLAIN,
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "space before the declaration": "\r\n  " + PLAIN,
    "utf-16": PLAIN.replace("utf-8", "utf-16").encode("utf-16"),
    "no declaration": PLAIN.partition("?>")[2],
    "another envelope prefix": PLAIN.replace("soap:", "S-ENV:").replace("xmlns:soap", "xmlns:S-ENV"),
    "SOAP 1.2 envelope": PLAIN.replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
    ),
    "prefixed fields": with_prefixes(PLAIN),
    "no namespace": PLAIN.replace(' xmlns="https://ws.ewinerysolutions.com/"', ""),
    "a SOAP header": PLAIN.replace("<soap:Body>", "<soap:Header><x/></soap:Header><soap:Body>"),
    "indented": PLAIN.replace("><", ">\n\t<"),
    "comments": PLAIN.replace("<Members>", "<!-- rows --><Members><!-- one -->"),
    "other item names": PLAIN.replace("<Member>", "<MemberGet>").replace("</Member>", "</MemberGet>"),
    "items repeated without wrapper": success("GetMembers", f"<Members>{MEMBER}</Members>"),
    "an empty item beside": PLAIN.replace("<Members>", "<Members><Member/>"),
    "a nil item beside": PLAIN.replace("<Members>", '<Members><Member xsi:nil="true"/>'),
    "unknown fields": PLAIN.replace("<MemberID>", "<Nobody><Knows>1</Knows></Nobody><MemberID>", 1),
    "unset fields as nil": PLAIN.replace("<LastName>", '<Phone1 xsi:nil="true"/><LastName>'),
    "unset fields as nil in digits": PLAIN.replace("<LastName>", '<Phone1 xsi:nil="1"/><LastName>'),
    "unset fields empty": PLAIN.replace("<LastName>", "<Phone1></Phone1><City/><LastName>"),
    "unset time as the least time": PLAIN.replace(
        "<LastName>", "<DateModified>0001-01-01T00:00:00</DateModified><LastName>"
    ),
    "booleans in digits": PLAIN.replace(">true<", ">1<"),
    "booleans in capitals": PLAIN.replace(">true<", ">True<"),
    "space around values": PLAIN.replace(">true<", ">\n true \n<").replace("Ann@", "  Ann@"),
    "ids in capitals": PLAIN.replace(CLUB_ID, CLUB_ID.upper()),
    "ids in braces": PLAIN.replace(CLUB_ID, "{" + CLUB_ID + "}"),
    "character data section": PLAIN.replace("Archer", "<![CDATA[Archer]]>"),
}


@pytest.mark.parametrize("body", SAME_MEMBER.values(), ids=SAME_MEMBER.keys())
def test_the_same_member_is_read_however_it_is_written(body: str | bytes):
    assert read(body) == [ANN]


NOBODY = {
    "empty list": "<Members/>",
    "empty list in two tags": "<Members></Members>",
    "list with only space": "<Members>\n </Members>",
    "nil list": '<Members xsi:nil="true"/>',
    "missing list": "",
    "list of nothing": "<Members><Member/></Members>",
}


@pytest.mark.parametrize("members", NOBODY.values(), ids=NOBODY.keys())
def test_nobody_is_nobody_however_it_is_written(members: str):
    assert read(success("GetMembers", members)) == []


HOLD = {
    "not told, active": ("<IsActive>true</IsActive>", MembershipStatus.ACTIVE),
    "not told, inactive": ("<IsActive>false</IsActive>", MembershipStatus.INACTIVE),
    "nothing told": ("", MembershipStatus.INACTIVE),
    "active as nil": ('<IsActive xsi:nil="true"/>', MembershipStatus.INACTIVE),
    "not on hold": ("<IsActive>1</IsActive><IsOnHold>0</IsOnHold>", MembershipStatus.ACTIVE),
    "on hold and active": ("<IsActive>true</IsActive><IsOnHold>true</IsOnHold>", MembershipStatus.ON_HOLD),
    "on hold and inactive": ("<IsActive>false</IsActive><IsOnHold>1</IsOnHold>", MembershipStatus.ON_HOLD),
    "hold as nil": ('<IsActive>true</IsActive><IsOnHold xsi:nil="true"/>', MembershipStatus.ACTIVE),
}


@pytest.mark.parametrize(("flags", "status"), HOLD.values(), ids=HOLD.keys())
def test_a_hold_counts_only_where_it_is_told(flags: str, status: MembershipStatus):
    (customer,) = read(PLAIN.replace("<IsActive>true</IsActive>", flags))
    assert [membership.status for membership in customer.memberships] == [status]


UNREADABLE = {
    "nothing": b"",
    "an HTML page": b"<html><body>Sorry</body></html>",
    "an HTML page with a doctype": b"<!DOCTYPE html><html><body>Sorry</body></html>",
    "plain text": b"Service unavailable",
    "cut in the middle": PLAIN.encode()[:400],
    "the reply of another call": success("GetClubs").encode(),
    "no result": PLAIN.replace("GetMembersResult", "Other").encode(),
    "a nil result": PLAIN.replace("<GetMembersResult>", '<GetMembersResult xsi:nil="1">').encode(),
    "an unknown encoding": PLAIN.replace("utf-8", "klingon-8").encode(),
    "bytes that are not utf-8": PLAIN.encode().replace(b"Ann", b"\xff\xfe"),
    "a member without id": PLAIN.replace("MemberID>", "Id>").encode(),
    "a boolean of another kind": PLAIN.replace("<IsActive>true", "<IsActive>maybe").encode(),
    "a time of another kind": PLAIN.replace(
        "<LastName>", "<DateModified>yesterday</DateModified><LastName>"
    ).encode(),
    "a DTD": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + PLAIN.partition("?>")[2].encode(),
    "an outside entity": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "too deep": b"<a>" * 100 + b"</a>" * 100,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_can_not_be_a_reply_is_garbled_and_never_nobody(body: bytes):
    with pytest.raises(CallFailedError) as failure:
        read(body)
    assert failure.value.seen is Seen.GARBLED


def test_too_many_elements_are_too_much_for_one_reply():
    with pytest.raises(CallFailedError) as failure:
        read(b"<a>" + b"<b/>" * 100_001 + b"</a>")
    assert failure.value.seen is Seen.OVERSIZED


def test_as_deep_as_allowed_is_read():
    deep = "<x>" * 50 + "</x>" * 50
    assert read(PLAIN.replace("<LastName>", f"{deep}<LastName>")) == [ANN]
