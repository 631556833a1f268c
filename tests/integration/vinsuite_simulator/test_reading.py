"""The operations that read."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import club_id, default_book, member_id
from sandbox.vinsuite.wire.values import stable_id
from tests.integration.vinsuite_simulator.caller import Caller


def _member(call: Caller, first_name: str) -> dict[str, Any]:
    email = f"{first_name.lower()}@example.com"
    members: list[dict[str, Any]] = call("GetMembers", Email=email, IncludeClubMemberships="true").fields[
        "Members"
    ]
    return members[0]


def test_a_good_login_names_the_winery_and_the_supplier(call: Caller):
    answer = call("TestConnection")

    assert answer.successful
    assert answer.fields["PrimaryAuthInfo"]["Type"] == "WINERY"
    assert answer.fields["PrimaryAuthInfo"]["WineryID"] == str(stable_id("sim"))
    assert answer.fields["SecondaryAuthInfo"]["Type"] == "SUPPLIER"


@pytest.mark.parametrize(
    ("wrong", "account", "partner"),
    [
        ({"password": "no"}, "INVALID", "SUPPLIER"),
        ({"username": "nobody"}, "INVALID", "SUPPLIER"),
        ({"partner_key": str(stable_id("other"))}, "WINERY", "INVALID"),
    ],
)
def test_a_bad_login_tells_which_identity_failed(
    call: Caller, wrong: dict[str, Any], account: str, partner: str
):
    answer = replace(call, **wrong)("TestConnection")

    assert (answer.status, answer.successful) == (200, False)
    assert answer.fields["PrimaryAuthInfo"]["Type"] == account
    assert answer.fields["SecondaryAuthInfo"]["Type"] == partner


def test_a_bad_login_gets_no_data(call: Caller):
    answer = replace(call, password="no")("GetMembers", Email="ada@example.com")

    assert answer.error == "Invalid username or password."
    assert "Members" not in answer.fields


def test_an_account_does_not_open_another_winery(call: Caller):
    assert not call("GetClubs", WineryID=str(stable_id("other"))).successful


def test_members_are_found_by_email_whatever_its_case(call: Caller):
    found = call("GetMembers", Email=" ADA@Example.com ").fields["Members"]

    assert [each["MemberID"] for each in found] == [str(member_id("Ada"))]


def test_members_are_found_by_last_name(call: Caller):
    found = call("GetMembers", LastName="MULLER").fields["Members"]

    assert [each["FirstName"] for each in found] == ["Ida", "Jon", "Kim"]


def test_last_names_match_by_their_beginning_where_switched(simulator: RemoteSimulator, call: Caller):
    simulator.set_faults(behaviours={"last_name_match": "prefix"})

    assert len(call("GetMembers", LastName="mul").fields["Members"]) == 3


def test_two_members_may_share_an_email(call: Caller):
    assert len(call("GetMembers", Email="twice@example.com").fields["Members"]) == 2


def test_nobody_found_is_a_success_with_an_empty_list(call: Caller):
    answer = call("GetMembers", Email="nobody@example.com")

    assert answer.successful
    assert answer.fields["Members"] is None


def test_a_search_without_filter_is_refused(call: Caller):
    assert not call("GetMembers", IncludeClubMemberships="true").successful


def test_members_are_found_by_a_window_in_the_servers_own_clock(call: Caller):
    inside = call("GetMembers", DateModifiedFrom="2025-02-01T04:00:00", DateModifiedTo="2025-02-01T04:00:00")
    outside = call("GetMembers", DateModifiedFrom="2025-02-01T04:00:01")

    assert [each["FirstName"] for each in inside.fields["Members"]] == ["Gus"]
    assert outside.fields["Members"] is None


@pytest.mark.parametrize(
    ("first_name", "active", "on_hold"),
    [("Ada", "true", "false"), ("Ben", "false", "false"), ("Cleo", "true", "true")],
)
def test_a_membership_shows_its_state(call: Caller, first_name: str, active: str, on_hold: str):
    (membership,) = _member(call, first_name)["ClubMemberships"]

    assert (membership["IsActive"], membership["IsOnHold"]) == (active, on_hold)


def test_memberships_come_only_when_asked_for(call: Caller):
    (found,) = call("GetMembers", Email="ada@example.com").fields["Members"]

    assert found["ClubMemberships"] is None
    assert len(_member(call, "Dora")["ClubMemberships"]) == 2
    assert _member(call, "Fay")["ClubMemberships"] is None


def test_member_types_come_with_the_member(call: Caller):
    assert [each["MemberTypeDescription"] for each in _member(call, "Lea")["MemberTypes"]] == ["Trade"]


def test_system_notes_come_only_when_asked_for(call: Caller):
    ada = str(member_id("Ada"))

    assert len(call("GetMemberNotes", MemberID=ada).fields["MemberNotes"]) == 1
    assert len(call("GetMemberNotes", MemberID=ada, IncludeSystemNotes="1").fields["MemberNotes"]) == 2
    assert not call("GetMemberNotes", MemberID=str(club_id("gold"))).successful


def test_inactive_clubs_come_only_when_asked_for(call: Caller):
    usual = call("GetClubs").fields["WineClubs"]
    every = call("GetClubs", IncludeInactiveClubs="true").fields["WineClubs"]

    assert [club["Title"] for club in usual] == ["Gold Club", "Silver Club"]
    assert (every[2]["Title"], every[2]["IsActive"]) == ("Founders", "false")


def test_the_winery_lists_its_member_types(call: Caller):
    listed = call("GetWineryMemberTypes").fields["MemberTypes"]

    expected = [each.member_type_description for each in default_book().member_types]
    assert [each["MemberTypeDescription"] for each in listed] == expected


def test_products_are_listed_with_prices_when_asked_for(call: Caller):
    plain, priced = call("GetProducts"), call("GetProducts", IncludeProductPrices="true")

    assert [each["SKU"] for each in plain.fields["Products"]] == ["TASTE-CLASSIC", "TASTE-RESERVE", "CHEESE"]
    assert "Price" not in plain.fields["Products"][0]
    assert priced.fields["Products"][0]["Price"] == "25.00"
