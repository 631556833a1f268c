"""Support takes wineries on and hands out keys."""

from typing import Any

import pytest

from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.audit_entry import AuditEntry
from cellarhand.ports.records import Records
from functions.settings import app
from tests.fakes.http import TENANT, Answered, call
from tests.fakes.outside import FakeOutside

WINERY = {
    "tenant_id": "cedar-ridge",
    "name": "Cedar Ridge",
    "timezone": "Europe/Vienna",
    "currency": "EUR",
    "provider": "vinsuite",
    "crm_environment": "uat",
}
KEY = {"tenant_id": TENANT, "role": "staff", "label": "tasting room"}


def _onboard(**changes: Any) -> Answered:
    return call(app.lambda_handler, "POST /v1/tenants", role=Role.SUPPORT, body={**WINERY, **changes})


def _make_key(body: dict[str, Any], **parts: Any) -> Answered:
    return call(app.lambda_handler, "POST /v1/access-keys", role=Role.SUPPORT, body=body, **parts)


def written(audit: Records, tenant_id: str) -> list[str]:
    """What the audit says of a tenant, in order."""
    page = audit.list_records(AuditEntry, f"T#{tenant_id}", "AUD#")
    return [entry.what for entry in page.items]


@pytest.mark.usefixtures("outside")
def test_a_new_winery_has_default_settings_and_a_key_for_its_engine_and_its_staff():
    answer = _onboard()
    assert answer.status == 201
    assert {**WINERY, "keys": answer.body["keys"]} == answer.body
    assert set(answer.body["keys"]) == {"engine", "staff"}
    settings = call(app.lambda_handler, "GET /v1/settings", tenant="cedar-ridge")
    assert settings.body["order_prefix"] == "CH-"


@pytest.mark.usefixtures("outside")
def test_a_winery_can_be_taken_on_once_only():
    _onboard()
    again = _onboard(name="Another")
    assert (again.status, again.body["code"]) == (409, "tenant_exists")


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant_id", "Cedar Ridge"),
        ("tenant_id", "*"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("currency", "JPY"),
        ("currency", "usd"),
        ("provider", "abacus"),
        ("crm_environment", "https://crm.example.com"),
        ("name", " "),
    ],
)
def test_a_winery_that_cannot_be_is_refused_by_the_field(field: str, value: str):
    answer = _onboard(**{field: value})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"/{field}")


def test_onboarding_and_keys_leave_a_trail_without_secrets(outside: FakeOutside):
    _onboard()
    assert written(outside.audit, "cedar-ridge") == ["tenant_onboarded"] + ["access_key_made"] * 2


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    "wish",
    [
        {"role": "staff", "label": "of nobody"},
        {"role": "support", "label": "of one", "tenant_id": TENANT},
        {"role": "staff", "label": "widget", "tenant_id": TENANT, "anonymous_quotes": True},
        {"role": "owner", "label": "x", "tenant_id": TENANT},
        {"role": "staff", "label": "x", "tenant_id": TENANT, "expires_at": "2027-01-01T00:00:00"},
    ],
)
def test_a_key_that_makes_no_sense_is_refused(wish: dict[str, Any]):
    assert _make_key(wish).status == 422


@pytest.mark.usefixtures("outside")
def test_a_key_for_an_unknown_winery_is_refused():
    assert _make_key({**KEY, "tenant_id": "nowhere"}).body["code"] == "tenant_not_found"


@pytest.mark.usefixtures("outside")
def test_an_idempotency_key_makes_one_access_key_only():
    first = _make_key(KEY, headers={"Idempotency-Key": "wish-1"})
    again = _make_key(KEY, headers={"Idempotency-Key": "wish-1"})
    other = _make_key(KEY, headers={"Idempotency-Key": "wish-2"})
    assert [first.status, again.status, other.status] == [201, 409, 201]
    assert again.body["code"] == "idempotency_key_reused"


def test_revoking_twice_is_one_change_and_a_key_that_never_was_is_not_found(outside: FakeOutside):
    key_id = _make_key(KEY).body["id"]
    revoke = "DELETE /v1/access-keys/{key_id}"
    statuses = [
        call(app.lambda_handler, revoke, role=Role.SUPPORT, path={"key_id": wanted}).status
        for wanted in (key_id, key_id, "0123456789")
    ]
    assert statuses == [204, 204, 404]
    assert written(outside.audit, TENANT) == ["access_key_made", "access_key_revoked"]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("role", [Role.ENGINE, Role.STAFF])
def test_nobody_but_support_takes_on_or_hands_out(role: Role):
    for route, body in (("POST /v1/tenants", WINERY), ("POST /v1/access-keys", KEY)):
        assert call(app.lambda_handler, route, role=role, body=body).body["code"] == "not_allowed"
