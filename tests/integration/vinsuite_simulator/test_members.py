"""AddUpdateMember, and what its switches change."""

from typing import Any

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY, club_id, member_id
from tests.integration.vinsuite_simulator.caller import Caller


def _someone(**changes: str) -> dict[str, Any]:
    return {"Email": "nora@example.com", "FirstName": "Nora", "LastName": "Newcomer", **changes}


def test_a_new_email_adds_a_member(simulator: RemoteSimulator, call: Caller):
    answer = call("AddUpdateMember", Member=_someone(Phone1="7075550120"))

    (member,) = simulator.book(WINERY).members_with_email("nora@example.com")
    assert answer.fields["MemberID"] == str(member.member_id)
    assert (member.last_name, member.phone1, member.came_by) == ("Newcomer", "7075550120", "AddUpdateMember")


def test_an_email_on_file_updates_that_member(simulator: RemoteSimulator, call: Caller):
    answer = call("AddUpdateMember", Member=_someone(Email="ADA@example.com"))

    assert answer.fields["MemberID"] == str(member_id("Ada"))
    (ada,) = simulator.book(WINERY).members_with_email("ada@example.com")
    assert (ada.first_name, ada.city) == ("Nora", "Sampleton")


def test_an_id_updates_only_what_is_sent(simulator: RemoteSimulator, call: Caller):
    call("AddUpdateMember", Member={"MemberID": str(member_id("Ada")), "City": "Elsewhere"})

    (ada,) = simulator.book(WINERY).members_with_email("ada@example.com")
    assert (ada.city, ada.last_name) == ("Elsewhere", "Gold")


def test_a_changed_email_is_found_by_the_new_one_alone(simulator: RemoteSimulator, call: Caller):
    call("AddUpdateMember", Member={"MemberID": str(member_id("Ada")), "Email": "ada.gold@example.com"})

    assert call("GetMembers", Email="ada@example.com").fields["Members"] is None
    assert len(call("GetMembers", Email="ada.gold@example.com").fields["Members"]) == 1


@pytest.mark.parametrize("missing", ["Email", "FirstName", "LastName"])
def test_a_new_member_needs_email_and_both_names(call: Caller, missing: str):
    answer = call("AddUpdateMember", Member=_someone(**{missing: " "}))

    assert answer.error == f"{missing} is required."


def test_an_unknown_id_is_refused(call: Caller):
    assert not call("AddUpdateMember", Member={"MemberID": str(club_id("gold"))}).successful


def test_a_repeated_email_creates_a_second_member_where_switched(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"repeated_email": "creates_second"})

    call("AddUpdateMember", Member=_someone(Email="ada@example.com"))

    assert len(simulator.book(WINERY).members_with_email("ada@example.com")) == 2
    assert simulator.fired() == {"repeated_email=creates_second": 1}


def test_a_repeated_email_is_refused_where_switched(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"repeated_email": "refused"})

    assert not call("AddUpdateMember", Member=_someone(Email="ada@example.com")).successful
    assert simulator.fired() == {"repeated_email=refused": 1}


@pytest.mark.parametrize(("switch", "city"), [("clear", ""), ("change_nothing", "Sampleton")])
def test_an_empty_string_clears_or_changes_nothing(
    simulator: RemoteSimulator, call: Caller, switch: str, city: str
):
    simulator.set_faults(behaviours={"empty_strings": switch})

    call("AddUpdateMember", Member={"MemberID": str(member_id("Ada")), "City": ""})

    (ada,) = simulator.book(WINERY).members_with_email("ada@example.com")
    assert ada.city == city
