"""Members: what is asked, what is believed, and what is written."""

from dataclasses import replace

import pytest

from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.domain.customers.customer import Address, CustomerData
from cellarhand.domain.errors import CrmUnavailableError
from cellarhand.ports.crm import Outcome, WriteResult
from tests.unit.vinsuite.loopback import Loopback, answer
from tests.unit.vinsuite.replies import ANN, MEMBER_ID, gateway, success

OTHER_ID = "22222222-2222-4333-8444-555555555555"


def member(member_id: str, email: str = "", last_name: str = "", more: str = "") -> str:
    return (
        f"<Member><MemberID>{member_id}</MemberID><Email>{email}</Email>"
        f"<LastName>{last_name}</LastName>{more}</Member>"
    )


def members(*rows: str) -> str:
    return success("GetMembers", f"<Members>{''.join(rows)}</Members>")


def test_a_look_up_asks_for_memberships(peer: Loopback):
    peer.answers(answer(members()))
    gateway(peer.url).find_customers(email="ann@example.com", timeout=5)
    fields = peer.received[0].fields
    assert (fields.value("Email"), fields.value("IncludeClubMemberships")) == ("ann@example.com", "true")


def test_only_members_with_exactly_that_e_mail_are_believed(peer: Loopback):
    peer.answers(
        answer(members(member(MEMBER_ID, "Ann@Example.com "), member(OTHER_ID, "joann@example.com")))
    )
    found = gateway(peer.url).find_customers(email="ann@example.com", timeout=5)
    assert [customer.customer_id for customer in found] == [MEMBER_ID]


def test_a_last_name_is_asked_for_with_and_without_its_accents(peer: Loopback):
    peer.answers(
        answer(members(member(MEMBER_ID, last_name="Müller"))),
        answer(members(member(OTHER_ID, last_name="MULLER"), member(MEMBER_ID, last_name="Müller"))),
    )
    found = gateway(peer.url).find_customers(last_name="müller", timeout=5)
    assert [received.fields.value("LastName") for received in peer.received] == ["müller", "muller"]
    assert [customer.customer_id for customer in found] == [MEMBER_ID, OTHER_ID]


def test_a_name_that_only_begins_alike_is_not_that_name(peer: Loopback):
    peer.answers(answer(members(member(MEMBER_ID, last_name="Archerson"))))
    assert gateway(peer.url).find_customers(last_name="Archer", timeout=5) == []


def test_a_customer_is_read_by_id_in_either_case(peer: Loopback):
    peer.answers(answer(members(member(MEMBER_ID.upper()))))
    customer = gateway(peer.url).get_customer(MEMBER_ID.upper(), timeout=5)
    assert customer is not None
    assert customer.customer_id == MEMBER_ID


def test_an_empty_list_means_that_there_is_no_such_customer(peer: Loopback):
    peer.answers(answer(members()))
    assert gateway(peer.url).get_customer(MEMBER_ID, timeout=5) is None


def test_what_is_no_guid_is_nobodys_id_and_is_not_asked_for(peer: Loopback):
    assert gateway(peer.url).get_customer("guest-7", timeout=5) is None
    assert peer.received == []


def test_a_list_of_others_does_not_mean_that_there_is_no_such_customer(peer: Loopback):
    peer.answers(answer(members(member(OTHER_ID))))
    with pytest.raises(CrmUnavailableError):
        gateway(peer.url).get_customer(MEMBER_ID, timeout=5)


def test_whether_holds_are_told_is_learnt_from_members(peer: Loopback):
    membership = f"<M><ClubLevelID>{OTHER_ID}</ClubLevelID>{{}}</M>"
    plain, telling = membership.format(""), membership.format("<IsOnHold>false</IsOnHold>")
    crm = gateway(peer.url)
    known = []
    for row in (plain, telling, plain):
        more = f"<ClubMemberships>{row}</ClubMemberships>"
        peer.answers(answer(members(member(MEMBER_ID, "ann@example.com", more=more))))
        crm.find_customers(email="ann@example.com", timeout=5)
        known.append(crm.capabilities().knows_hold)
    assert known == [False, True, True]


def written(peer: Loopback, data: CustomerData) -> dict[str, str]:
    peer.answers(answer(success("AddUpdateMember", f"<MemberID>{MEMBER_ID}</MemberID>")))
    result = gateway(peer.url).upsert_customer(data, timeout=5)
    assert result == WriteResult(Outcome.DONE, MEMBER_ID)
    node = peer.received[-1].fields.child("Member")
    assert node is not None
    return {child.name: child.text for child in node.children}


def test_a_new_customer_is_sent_with_what_is_known_and_nothing_else(peer: Loopback):
    assert written(peer, ANN) == {
        "Email": "ann@example.com",
        "Username": "ann@example.com",
        "FirstName": "Ann",
        "LastName": "Archer",
        "Phone1": "707 555 0100",
    }


def test_an_address_is_sent_field_by_field(peer: Loopback):
    address = Address(line1="1 Vine Street", line2="B", city="S", state="CA", zip_code="94599", country="US")
    sent = written(peer, ANN.model_copy(update={"address": address}))
    names = ("Address1", "Address2", "City", "State", "ZipCode", "CountryCode")
    assert [sent[name] for name in names] == ["1 Vine Street", "B", "S", "CA", "94599", "US"]


def test_filling_a_customer_leaves_its_e_mail_and_user_name_alone(peer: Loopback):
    sent = written(peer, ANN.model_copy(update={"customer_id": MEMBER_ID, "email": "new@example.com"}))
    assert sent["MemberID"] == MEMBER_ID
    assert {"Email", "Username"} & sent.keys() == set()


FIRST_NAMES = {"Ann & Bob": "Ann", "Ann": "Ann", "& Bob": "& Bob", "Ann&Bob": "Ann"}
PHONES = {"+1 707 555 0100": "707 555 0100", "+49 30 1234": "+49 30 1234", "7075550100": "7075550100"}


@pytest.mark.parametrize(("given", "sent"), FIRST_NAMES.items())
def test_a_first_name_ends_at_the_ampersand(peer: Loopback, given: str, sent: str):
    assert written(peer, ANN.model_copy(update={"first_name": given}))["FirstName"] == sent


def test_a_first_name_stays_whole_when_the_assumption_is_dropped(peer: Loopback):
    peer.answers(answer(success("AddUpdateMember", f"<MemberID>{MEMBER_ID}</MemberID>")))
    crm = gateway(peer.url, replace(DEFAULT_ASSUMPTIONS, first_name_ends_at_ampersand=False))
    crm.upsert_customer(ANN.model_copy(update={"first_name": "Ann & Bob"}), timeout=5)
    node = peer.received[-1].fields.child("Member")
    assert node is not None
    assert node.value("FirstName") == "Ann & Bob"


@pytest.mark.parametrize(("given", "sent"), PHONES.items())
def test_only_the_american_prefix_is_taken_off_a_phone_number(peer: Loopback, given: str, sent: str):
    assert written(peer, ANN.model_copy(update={"phone": given}))["Phone1"] == sent


def test_a_customer_with_a_foreign_id_is_refused_without_a_call(peer: Loopback):
    data = ANN.model_copy(update={"customer_id": "customer-1"})
    assert gateway(peer.url).upsert_customer(data, timeout=5).outcome is Outcome.REFUSED
    assert peer.connections == 0
