"""What a winery's staff decide, through the real handler."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.audit_entry import AuditEntry
from cellarhand.ports.crm import Connection
from functions.settings import app
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT, Answered, FakeContext, call
from tests.fakes.outside import FakeOutside

SETTINGS = "PUT /v1/settings"
EVENT = "PUT /v1/events/{event_id}"
LOGIN = {"username": "oak-hollow-api", "password": "correct horse"}
TASTING = {"name": "Tasting", "fee_per_guest": 5000}
EVERY_SETTING = {
    "policy": {
        "promo_versus_automatic": "best_for_guest",
        "several_automatic": "stack",
        "membership_on_hold": "keeps_benefits",
        "crm_unreachable": "refuse",
    },
    "order_date": "day_of_synchronization",
    "pickup_date": "booked_date",
    "sales_associates": {"BO": "a", "WGT": "b", "REF": "c", "CON": "d", "AFF": "e", "MOB": "f"},
    "order_prefix": "OAK-",
    "gratuity_sku": "TIP",
    "new_customer_contact_types": ["visitor"],
    "existing_customer": "fill_empty_fields",
    "sync_no_shows": True,
    "member_price_needs_login": True,
    "crm_allowance": {
        "orders": 4,
        "customers": 2,
        "orders_per_second": 2.5,
        "customers_per_second": None,
    },
    "recognition_limits": {"per_key": 60, "per_guest": 5},
}


def _call(route: str, **parts: Any) -> Answered:
    return call(app.lambda_handler, route, **parts)


@pytest.mark.usefixtures("outside")
def test_settings_are_read_back_as_they_were_written():
    written = _call(SETTINGS, body=EVERY_SETTING)
    read = _call("GET /v1/settings")
    assert written.body == read.body == EVERY_SETTING
    assert written.headers["etag"] == read.headers["etag"] == '"2"'


@pytest.mark.usefixtures("outside")
def test_settings_that_somebody_else_changed_are_not_overwritten():
    assert _call(SETTINGS, body={"order_prefix": "A-"}, headers={"If-Match": '"1"'}).status == 200
    late = _call(SETTINGS, body={"order_prefix": "B-"}, headers={"If-Match": '"1"'})
    assert (late.status, late.body["code"]) == (412, "version_changed")
    assert _call("GET /v1/settings").body["order_prefix"] == "A-"


def test_the_event_of_the_example_is_kept_and_shown(outside: FakeOutside):
    event = json.loads(Path("events/settings.json").read_text())
    kept = Answered(app.lambda_handler(event, FakeContext()))
    assert kept.status == 200
    shown = _call("GET /v1/events/{event_id}", role=Role.ENGINE, path={"event_id": "tasting"})
    assert shown.body == {**json.loads(event["body"]), **shown.body, "event_id": "tasting"}
    assert _call("GET /v1/events").body == {"events": [shown.body], "next": None}


@pytest.mark.usefixtures("outside")
def test_many_events_come_in_pages_that_miss_and_repeat_none():
    ids = [f"event-{number:03}" for number in range(120)]
    for event_id in ids:
        _call(EVENT, path={"event_id": event_id}, body=TASTING)
    first = _call("GET /v1/events").body
    second = _call("GET /v1/events", query={"after": first["next"]}).body
    assert [event["event_id"] for event in first["events"] + second["events"]] == ids
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["", "x y", "EVENT#a", "\u0000", "x" * 65])
@pytest.mark.parametrize("route", ["GET /v1/events", "GET /v1/discount-schema/versions"])
@pytest.mark.usefixtures("outside")
def test_a_cursor_that_was_made_up_never_reaches_the_store(route: str, cursor: str):
    answer = _call(route, query={"after": cursor})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/query/after")


@pytest.mark.usefixtures("outside")
def test_another_winerys_event_looks_like_none():
    _call(EVENT, path={"event_id": "tasting"}, body=TASTING)
    foreign = _call("GET /v1/events/{event_id}", tenant="birch-hill", path={"event_id": "tasting"})
    missing = _call("GET /v1/events/{event_id}", tenant="birch-hill", path={"event_id": "never-was"})
    assert (foreign.status, foreign.body) == (404, missing.body)


@pytest.mark.usefixtures("outside")
def test_the_engine_reads_events_and_changes_none():
    assert _call("GET /v1/events", role=Role.ENGINE).status == 200
    assert _call(EVENT, role=Role.ENGINE, path={"event_id": "x"}, body=TASTING).status == 403


def test_the_login_goes_into_the_vault_and_nowhere_else(outside: FakeOutside, log: StringIO):
    answer = _call("PUT /v1/settings/credentials", body=LOGIN)
    assert (answer.status, answer.body) == (204, None)
    kept = outside.logins.read(TENANT)
    assert kept is not None
    assert (kept.username, kept.password) == (LOGIN["username"], LOGIN["password"])
    everywhere = repr([vars(table) for table in (outside.settings, outside.ledger, outside.audit)])
    assert LOGIN["password"] not in everywhere + log.getvalue() + repr(kept)


@pytest.mark.usefixtures("outside")
def test_a_refused_login_body_is_not_repeated():
    answer = _call("PUT /v1/settings/credentials", body={**LOGIN, "password": "hunter2" * 40})
    assert answer.status == 422
    assert "hunter2" not in json.dumps(answer.body)


@pytest.mark.parametrize(
    ("connection", "works", "who_acts"),
    [
        (Connection.WORKS, True, "nobody"),
        (Connection.WORKS_WITHOUT_CONTACT_TYPES, True, "staff"),
        (Connection.LOGIN_REFUSED, False, "staff"),
        (Connection.ACCOUNT_INACTIVE, False, "staff"),
        (Connection.OUR_CONFIGURATION, False, "operators"),
        (Connection.UNREACHABLE, False, "nobody"),
    ],
)
def test_test_login_tells_the_causes_apart_and_who_must_act(
    outside: FakeOutside, connection: Connection, works: bool, who_acts: str
):
    outside.crm.by_tenant[TENANT] = InMemoryCrm(connection=connection)
    found = _call("POST /v1/settings/test-login").body
    assert (found["connection"], found["works"], found["who_acts"]) == (connection, works, who_acts)
    assert found["advice"]
    assert found["capabilities"]["knows_hold"] is True


def test_test_login_tries_the_login_that_is_in_the_vault_now(outside: FakeOutside):
    _call("POST /v1/settings/test-login")
    assert outside.logins.fresh == [TENANT]


def test_a_partner_key_that_we_lack_is_told_apart_from_a_wrong_password(outside: FakeOutside):
    outside.crm.is_configured = False
    found = _call("POST /v1/settings/test-login").body
    assert (found["connection"], found["who_acts"]) == ("our_configuration", "operators")


def test_without_a_stored_login_there_is_nothing_to_test(outside: FakeOutside):
    outside.crm.without_login.add(TENANT)
    answer = _call("POST /v1/settings/test-login")
    assert (answer.status, answer.body["code"]) == (409, "settings_incomplete")


def test_every_change_is_written_down_with_the_key_that_made_it(outside: FakeOutside):
    _call(SETTINGS, body={})
    outside.clock.advance(seconds=1)
    _call("PUT /v1/settings/credentials", body=LOGIN)
    outside.clock.advance(seconds=1)
    _call(EVENT, path={"event_id": "tasting"}, body=TASTING)
    outside.clock.advance(seconds=1)
    _call("PUT /v1/discount-schema", body={"rules": []})
    entries = outside.audit.list_records(AuditEntry, f"T#{TENANT}", "AUD#").items
    assert [(entry.what, entry.key_id) for entry in entries] == [
        ("settings_written", "staffkey"),
        ("credentials_written", "staffkey"),
        ("event_written", "staffkey"),
        ("discount_schema_written", "staffkey"),
    ]


@pytest.mark.usefixtures("outside")
def test_the_discount_schema_is_versioned_through_the_api():
    empty = _call("GET /v1/discount-schema")
    assert (empty.headers["etag"], empty.body["document"]["rules"]) == ('"0"', [])
    assert _call("PUT /v1/discount-schema", body={"rules": []}, headers={"If-Match": "0"}).status == 200
    assert _call("PUT /v1/discount-schema", body={"rules": []}, headers={"If-Match": "0"}).status == 412
    assert [one["version"] for one in _call("GET /v1/discount-schema/versions").body["versions"]] == [1]


@pytest.mark.usefixtures("outside")
def test_support_sets_a_schedule_and_staff_pause_and_resume_it():
    plan = {"enabled": True, "daily_at": "06:00"}
    wanted = _call("PUT /v1/schedule", role=Role.SUPPORT, tenant=TENANT, body=plan)
    assert wanted.body["schedule"]["daily_at"] == "06:00"
    assert _call("PUT /v1/schedule", body=plan).body["code"] == "not_allowed"
    assert _call("POST /v1/schedule/pause").body["paused"] is True
    assert _call("POST /v1/schedule/resume").body["paused"] is False
    assert _call("GET /v1/schedule").body["schedule"]["enabled"] is True


@pytest.mark.usefixtures("outside")
def test_health_answers_anybody_and_tells_nothing():
    assert _call("GET /v1/health", role=None).body == {"status": "ok"}
