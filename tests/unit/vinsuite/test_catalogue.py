"""Clubs, contact types and SKUs, and what is learnt when a call does not exist."""

import pytest

from cellarhand.domain.customers.customer import Club, ContactType
from cellarhand.domain.errors import CrmUnavailableError, NotSupportedByCrmError
from tests.unit.vinsuite.loopback import Loopback, Step, answer
from tests.unit.vinsuite.replies import MEMBER_ID, fault, gateway, success

UNKNOWN_CALL = answer(fault("Client", "did not recognize the value of HTTP Header SOAPAction"), 500)
CRASH = answer(fault("Server"), 500)
TYPE_ID = "bbbbbbbb-2222-4333-8444-555555555555"
TYPE = f"<T><MemberTypeID>{TYPE_ID}</MemberTypeID><MemberTypeDescription>Trade</MemberTypeDescription></T>"
TRADE = ContactType(id=TYPE_ID, name="Trade")
MEMBER = (
    f"<M><MemberID>{MEMBER_ID}</MemberID><Email>ann@example.com</Email><MemberTypes>{TYPE}</MemberTypes></M>"
)


def test_inactive_clubs_are_asked_for_and_told_apart(peer: Loopback):
    club = f"<ClubLevelID>{TYPE_ID}</ClubLevelID><Title>Gold</Title>"
    active = f"<C>{club}<IsActive>true</IsActive></C>"
    peer.answers(answer(success("GetClubs", f"<WineClubs>{active}<C>{club}</C></WineClubs>")))
    clubs = gateway(peer.url).list_clubs(timeout=5)
    assert clubs == [Club(id=TYPE_ID, name="Gold", active=True), Club(id=TYPE_ID, name="Gold", active=False)]
    assert peer.received[0].fields.value("IncludeInactiveClubs") == "true"


def test_contact_types_are_listed(peer: Loopback):
    peer.answers(answer(success("GetWineryMemberTypes", f"<MemberTypes>{TYPE}</MemberTypes>")))
    crm = gateway(peer.url)
    assert crm.list_contact_types(timeout=5) == [TRADE]
    assert crm.capabilities().lists_contact_types


def test_without_such_a_call_the_types_seen_on_members_are_listed(peer: Loopback):
    crm = gateway(peer.url)
    peer.answers(UNKNOWN_CALL, answer(success("GetMembers", f"<Members>{MEMBER}</Members>")), UNKNOWN_CALL)
    before = crm.list_contact_types(timeout=5)
    crm.find_customers(email="ann@example.com", timeout=5)
    assert (before, crm.list_contact_types(timeout=5)) == ([], [TRADE])
    assert not crm.capabilities().lists_contact_types


def test_a_crash_is_no_missing_call(peer: Loopback):
    peer.answers(CRASH)
    crm = gateway(peer.url)
    with pytest.raises(CrmUnavailableError):
        crm.list_contact_types(timeout=5)
    with pytest.raises(CrmUnavailableError):
        crm.list_skus(timeout=5)
    assert crm.capabilities().knows_skus


def test_skus_are_listed(peer: Loopback):
    products = "<P><SKU>A</SKU></P><P><SKU> B </SKU></P><P><Title>no SKU</Title></P>"
    peer.answers(answer(success("GetProducts", f"<Products>{products}</Products>")))
    assert gateway(peer.url).list_skus(timeout=5) == {"A", "B"}


def test_a_winery_without_products_has_no_sku(peer: Loopback):
    peer.answers(answer(success("GetProducts", "<Products/>")))
    crm = gateway(peer.url)
    assert (crm.list_skus(timeout=5), crm.capabilities().knows_skus) == (frozenset(), True)


NO_SKUS = {
    "the call does not exist": UNKNOWN_CALL,
    "there are more than one reply may hold": answer(
        success("GetProducts", f"<Products>{'<P><SKU>A</SKU></P>' * 60_000}</Products>")
    ),
    "no product carries one": answer(success("GetProducts", "<Products><P><Title>x</Title></P></Products>")),
}


@pytest.mark.parametrize("step", NO_SKUS.values(), ids=NO_SKUS.keys())
def test_where_skus_are_not_told_the_capability_goes_off_until_they_are(peer: Loopback, step: Step):
    crm = gateway(peer.url)
    peer.answers(step)
    with pytest.raises(NotSupportedByCrmError):
        crm.list_skus(timeout=5)
    assert not crm.capabilities().knows_skus
    peer.answers(answer(success("GetProducts", "<Products><P><SKU>A</SKU></P></Products>")))
    crm.list_skus(timeout=5)
    assert crm.capabilities().knows_skus


def test_members_of_a_type_can_not_be_listed(peer: Loopback):
    with pytest.raises(NotSupportedByCrmError):
        gateway(peer.url).list_customers_of_type(TYPE_ID, timeout=5)
    assert not gateway(peer.url).capabilities().lists_customers_of_type
