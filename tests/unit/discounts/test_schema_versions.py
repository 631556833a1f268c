"""Versions of the discount schema: read one, and put one in force again."""

from typing import Any

import pytest

from cellarhand.domain.customers.customer import Club
from cellarhand.domain.tenants.audit_entry import AuditEntry
from functions.settings import app
from tests.fakes.http import TENANT, Answered, call
from tests.fakes.outside import FakeOutside

VERSION = "GET /v1/discount-schema/versions/{version}"
RESTORE = "POST /v1/discount-schema/versions/{version}/restore"


@pytest.fixture(autouse=True)
def three_versions(outside: FakeOutside) -> FakeOutside:
    """Ten percent; ten percent for the Gold Club; nothing."""
    outside.crm.crm.clubs.append(Club(id="c1", name="Gold", active=True))
    for rules in ([_rule()], [_rule(clubs_any=["Gold"])], []):
        written = call(app.lambda_handler, "PUT /v1/discount-schema", body={"rules": rules})
        assert written.status == 200, written.body
    return outside


def _rule(**who: Any) -> dict[str, Any]:
    return {"id": "ten", "name": "Ten", "who": who, "benefit": {"kind": "percent_off", "percent": "10"}}


def _call(route: str, version: object, **parts: Any) -> Answered:
    return call(app.lambda_handler, route, path={"version": str(version)}, **parts)


def _in_force() -> dict[str, Any]:
    body: dict[str, Any] = call(app.lambda_handler, "GET /v1/discount-schema").body
    return body


def test_any_version_can_be_read():
    read = _call(VERSION, 2).body
    assert (read["version"], read["written_by"], read["restored_from"]) == (2, "staffkey", None)
    assert read["document"]["rules"][0]["who"]["clubs_any"] == ["Gold"]


@pytest.mark.parametrize("version", ["4", "0", "999999"])
@pytest.mark.parametrize("route", [VERSION, RESTORE])
def test_a_version_that_never_was_is_not_found(route: str, version: str):
    answer = _call(route, version)
    assert (answer.status, answer.body["code"]) == (404, "schema_not_found")


@pytest.mark.parametrize("version", ["one", "1.0", "9999999"])
@pytest.mark.parametrize("route", [VERSION, RESTORE])
def test_what_is_no_number_is_refused(route: str, version: str):
    answer = _call(route, version)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/path/version")


def test_another_winery_has_no_such_version():
    assert _call(VERSION, 1, tenant="birch-hill").status == 404
    assert _call(RESTORE, 1, tenant="birch-hill").status == 404


def test_restoring_makes_a_new_version_with_the_same_rules(three_versions: FakeOutside):
    three_versions.clock.advance(days=1)
    restored = _call(RESTORE, 1, headers={"If-Match": '"3"'})
    assert (restored.status, restored.headers["etag"]) == (200, '"4"')
    assert _in_force() == restored.body
    assert restored.body["document"] == _call(VERSION, 1).body["document"]
    assert (restored.body["restored_from"], restored.body["written_at"]) == (1, "2026-06-07T12:00:00Z")
    listed = call(app.lambda_handler, "GET /v1/discount-schema/versions").body["versions"]
    assert [(each["version"], each["restored_from"]) for each in listed] == [
        (4, 1),
        (3, None),
        (2, None),
        (1, None),
    ]


def test_a_version_is_not_restored_over_one_that_nobody_saw():
    late = _call(RESTORE, 1, headers={"If-Match": '"2"'})
    assert (late.status, late.body["code"]) == (412, "version_changed")
    assert _in_force()["version"] == 3


def test_a_version_that_names_what_is_gone_is_not_restored(three_versions: FakeOutside):
    three_versions.crm.crm.clubs.clear()
    refused = _call(RESTORE, 2)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/rules/0/who/clubs_any/0")
    assert _in_force()["version"] == 3


def test_a_restoration_is_written_down(three_versions: FakeOutside):
    _call(RESTORE, 1)
    entries = three_versions.audit.list_records(AuditEntry, f"T#{TENANT}", "AUD#").items
    [entry] = [entry for entry in entries if entry.what == "discount_schema_restored"]
    assert (entry.key_id, entry.ids) == ("staffkey", {"version": "4", "restored_from": "1"})
