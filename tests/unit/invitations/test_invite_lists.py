"""Contact types kept here, invite lists, and the invite rules of events that speak of them."""

from typing import Any

import pytest

from cellarhand.domain.customers.customer import Club, ContactType, Customer
from cellarhand.domain.tenants.audit_entry import AuditEntry
from functions.customer_lookup import app as lookup
from functions.settings import app as settings
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.fakes.http import TENANT, Answered, call
from tests.fakes.outside import FakeOutside

TRADE, PRESS = ContactType(id="t1", name="Trade"), ContactType(id="t2", name="Press")
GOLD = Club(id="c1", name="Gold", active=True)


@pytest.fixture
def crm(outside: FakeOutside) -> InMemoryCrm:
    return _use(outside, InMemoryCrm(contact_types=[TRADE, PRESS], clubs=[GOLD]))


def _use(outside: FakeOutside, crm: InMemoryCrm) -> InMemoryCrm:
    outside.crm.by_tenant[TENANT] = crm
    return crm


def _sync() -> Answered:
    return call(lookup.lambda_handler, "POST /v1/contact-types/sync")


def _lists() -> dict[str, Any]:
    body: dict[str, Any] = call(lookup.lambda_handler, "GET /v1/invite-lists").body
    return body


def _customers(contact_type_id: str, **query: str) -> Answered:
    return call(
        lookup.lambda_handler,
        "GET /v1/invite-lists/{contact_type_id}/customers",
        path={"contact_type_id": contact_type_id},
        query=query,
    )


def _write_event(event_id: str = "dinner", **audience: list[str]) -> Answered:
    body = {"name": "Dinner", "fee_per_guest": 9000, "invite_only": audience}
    return call(settings.lambda_handler, "PUT /v1/events/{event_id}", path={"event_id": event_id}, body=body)


def _write_rules(*rules: dict[str, Any]) -> Answered:
    return call(settings.lambda_handler, "PUT /v1/discount-schema", body={"rules": rules})


def _rule(**who: list[str]) -> dict[str, Any]:
    return {"id": "half", "name": "Half", "who": who, "benefit": {"kind": "percent_off", "percent": "50"}}


@pytest.mark.usefixtures("crm")
def test_a_sync_keeps_the_types_and_clubs_of_the_crm():
    synced = _sync().body
    kept = {"active": True, "removed_at": None}
    assert synced["contact_types"] == [
        {"id": "t1", "name": "Trade", **kept},
        {"id": "t2", "name": "Press", **kept},
    ]
    assert synced["clubs"] == [{"id": "c1", "name": "Gold", **kept}]
    assert synced["affected"] == []


def test_a_type_that_is_gone_is_marked_and_not_deleted(outside: FakeOutside, crm: InMemoryCrm):
    _sync()
    crm.contact_types.remove(PRESS)
    outside.clock.advance(days=1)
    first = _sync().body["contact_types"][1]
    outside.clock.advance(days=1)
    assert first == _sync().body["contact_types"][1]
    assert (first["id"], first["removed_at"]) == ("t2", "2026-06-07T12:00:00Z")


def test_a_type_that_comes_back_under_another_name_is_whole_again(crm: InMemoryCrm):
    _sync()
    crm.contact_types = []
    _sync()
    crm.contact_types = [ContactType(id="t1", name="Wholesale")]
    types = {each["id"]: each for each in _sync().body["contact_types"]}
    assert (types["t1"]["name"], types["t1"]["removed_at"]) == ("Wholesale", None)
    assert types["t2"]["removed_at"]


def test_rules_and_events_that_used_what_is_gone_are_told(crm: InMemoryCrm):
    _write_rules(_rule(clubs_any=["gold"], contact_types_none=["Press"]))
    _write_event(clubs_any=["Gold"], contact_types_any=["trade", "Press"])
    crm.contact_types, crm.clubs = [TRADE], []
    before_any_sync_unknown = _sync().body["affected"]
    assert {each["fault"] for each in before_any_sync_unknown} == {"unknown"}
    crm.contact_types, crm.clubs = [TRADE, PRESS], [GOLD]
    assert _sync().body["affected"] == []
    crm.contact_types, crm.clubs = [TRADE], []
    assert [(e["used_by"], e["id"], e["pointer"], e["fault"]) for e in _sync().body["affected"]] == [
        ("discount_rule", "half", "/who/clubs_any/0", "removed"),
        ("discount_rule", "half", "/who/contact_types_none/0", "removed"),
        ("event", "dinner", "/invite_only/clubs_any/0", "removed"),
        ("event", "dinner", "/invite_only/contact_types_any/1", "removed"),
    ]


def test_a_rename_breaks_invitations_by_name_but_no_discount_rule(crm: InMemoryCrm):
    _write_rules(_rule(contact_types_any=["Trade"]))
    _write_event(contact_types_any=["Trade"])
    crm.contact_types = [ContactType(id="t1", name="Wholesale")]
    assert [(e["used_by"], e["label"], e["fault"]) for e in _sync().body["affected"]] == [
        ("event", "Trade", "unknown")
    ]


def test_a_crm_without_a_list_of_types_removes_none(outside: FakeOutside, crm: InMemoryCrm):
    _sync()
    seen_on_customers = ALL_CAPABILITIES._replace(lists_contact_types=False)
    _use(outside, InMemoryCrm(contact_types=[TRADE], clubs=[GOLD], capabilities=seen_on_customers))
    synced = _sync().body
    assert synced["contact_types_complete"] is False
    assert [each["removed_at"] for each in synced["contact_types"]] == [None, None]
    assert _write_event(contact_types_any=["Never Seen"]).status == 200
    assert _write_event(clubs_any=["Never Seen"]).status == 422


def test_what_was_synced_stays_while_the_crm_is_down(crm: InMemoryCrm):
    _sync()
    crm.always("*", Step.UNAVAILABLE)
    assert _sync().body["code"] == "crm_unavailable"
    assert [each["name"] for each in _lists()["invite_lists"]] == ["Trade", "Press"]


@pytest.mark.usefixtures("crm")
def test_a_sync_is_written_down(outside: FakeOutside):
    _sync()
    [entry] = outside.audit.list_records(AuditEntry, f"T#{TENANT}", "AUD#").items
    assert (entry.what, entry.key_id, entry.ids) == ("contact_types_synced", "staffkey", {"removed": "0"})


@pytest.mark.usefixtures("crm")
def test_invite_lists_name_the_events_that_invite_by_them():
    assert _lists() == {"synced_at": None, "invite_lists": []}
    _sync()
    _write_event("dinner", contact_types_any=["trade"])
    _write_event("gala", contact_types_any=["t1", "PRESS"])
    _write_event("club-night", clubs_any=["Gold"])
    assert {each["name"]: each["events"] for each in _lists()["invite_lists"]} == {
        "Trade": ["dinner", "gala"],
        "Press": ["gala"],
    }


def test_the_customers_of_a_list_come_in_pages_that_miss_and_repeat_none(crm: InMemoryCrm):
    for number in range(150):
        crm.put_customer(Customer(customer_id=f"{number:03}", contact_types=(TRADE,)))
    crm.put_customer(Customer(customer_id="other", contact_types=(PRESS,)))
    first = _customers("t1").body
    second = _customers("t1", cursor=first["next"]).body
    ids = [each["customer_id"] for each in first["customers"] + second["customers"]]
    assert ids == [f"{number:03}" for number in range(150)]
    assert second["next"] is None
    assert len(crm.calls_of("list_customers_of_type")) == 1


def test_a_crm_that_can_not_list_customers_says_so(outside: FakeOutside):
    _use(outside, InMemoryCrm(capabilities=ALL_CAPABILITIES._replace(lists_customers_of_type=False)))
    answer = _customers("t1")
    assert (answer.status, answer.body["code"]) == (409, "not_supported_by_crm")


@pytest.mark.usefixtures("crm")
def test_a_made_up_cursor_is_refused():
    assert _customers("t1", cursor="é").status == 422


@pytest.mark.usefixtures("crm")
def test_before_the_first_sync_every_name_is_let_pass():
    assert _write_event(clubs_any=["Platinum"], contact_types_any=["Friends"]).status == 200


@pytest.mark.parametrize(
    ("audience", "pointer", "says"),
    [
        ({"clubs_any": ["Gold", "Platinum"]}, "/invite_only/clubs_any/1", "no club with this id or name"),
        ({"contact_types_any": ["Gold"]}, "/invite_only/contact_types_any/0", "no contact type"),
        ({"contact_types_any": ["twins"]}, "/invite_only/contact_types_any/0", "ambiguous"),
        ({"contact_types_any": ["Press"]}, "/invite_only/contact_types_any/0", "no longer in the CRM"),
    ],
)
def test_after_a_sync_an_invite_rule_names_what_there_is(
    crm: InMemoryCrm, audience: dict[str, list[str]], pointer: str, says: str
):
    _sync()
    crm.contact_types = [TRADE, ContactType(id="t3", name="Twins"), ContactType(id="t4", name="TWINS")]
    _sync()
    refused = _write_event(**audience)
    assert refused.status == 422
    [error] = refused.body["errors"]
    assert error["pointer"] == pointer
    assert says in error["message"]
    assert call(settings.lambda_handler, "GET /v1/events").body["events"] == []


def test_one_of_two_of_the_same_name_is_named_by_its_id(crm: InMemoryCrm):
    crm.contact_types = [ContactType(id="t3", name="Twins"), ContactType(id="t4", name="TWINS")]
    _sync()
    assert _write_event(contact_types_any=["t4"]).status == 200
