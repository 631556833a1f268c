"""The edge against AWS's own interfaces (moto): what the in-memory tables can't get wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from cellarhand.adapters import aws
from cellarhand.bootstrap.aws import Aws
from cellarhand.bootstrap.outside import run_in
from cellarhand.config import Config
from cellarhand.domain.tenants.access_key import Role
from functions.authorizer import app as authorizer
from functions.settings import app as settings
from tests.fakes.aws import aws_in_process, make_table
from tests.fakes.http import Answered, FakeContext, call

TABLES = ("settings", "ledger", "access", "audit")
WINERY = {
    "tenant_id": "cedar-ridge",
    "name": "Cedar Ridge",
    "timezone": "Europe/Vienna",
    "currency": "EUR",
    "provider": "vinsuite",
    "crm_environment": "sandbox",
}
TASTING = {"name": "Tasting", "sku": "TASTING", "fee_per_guest": 3500}


@pytest.fixture
def engine_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Cedar Ridge is taken on; this is its engine's key."""
    with aws_in_process(monkeypatch):
        names = {f"{table.upper()}_TABLE": make_table(table) for table in TABLES}
        site = {"VINSUITE_SANDBOX_URL": "http://127.0.0.1:1/", "PARTNER_KEYS_SECRET": _partner_keys()}
        run_in(Aws(Config({**names, **site, **_queues()})))
        made = call(settings.lambda_handler, "POST /v1/tenants", role=Role.SUPPORT, body=WINERY)
        yield made.body["keys"]["engine"]["key"]
        run_in(None)


def _queues() -> dict[str, str]:
    names = ("CUSTOMER_UPSERT_RETRY", "ORDER_SYNC")
    return {f"{name}_QUEUE_URL": aws.sqs().create_queue(QueueName=name)["QueueUrl"] for name in names}


def _partner_keys() -> str:
    keys = '{"sandbox": "ours"}'
    return aws.secrets_manager().create_secret(Name="partner-keys", SecretString=keys)["ARN"]


def _call(route: str, **parts: Any) -> Answered:
    return call(settings.lambda_handler, route, tenant="cedar-ridge", **parts)


def _let_in(key: str) -> Any:
    return authorizer.lambda_handler({"headers": {"authorization": f"Bearer {key}"}}, FakeContext())


def test_a_key_opens_the_door_until_it_is_revoked(engine_key: str):
    found = _let_in(engine_key)
    assert (found["isAuthorized"], found["context"]["tenant"]) == (True, "cedar-ridge")
    path = {"key_id": found["context"]["key_id"]}
    call(settings.lambda_handler, "DELETE /v1/access-keys/{key_id}", role=Role.SUPPORT, path=path)
    assert _let_in(engine_key) == {"isAuthorized": False}


@pytest.mark.usefixtures("engine_key")
def test_a_winery_can_be_taken_on_once_only():
    again = call(settings.lambda_handler, "POST /v1/tenants", role=Role.SUPPORT, body=WINERY)
    assert again.body["code"] == "tenant_exists"


@pytest.mark.usefixtures("engine_key")
def test_an_idempotency_key_makes_one_access_key_only():
    wish = {"tenant_id": "cedar-ridge", "role": "staff", "label": "bar"}
    statuses = [
        _call_support("POST /v1/access-keys", body=wish, headers={"Idempotency-Key": "1"}).status
        for _ in range(2)
    ]
    assert statuses == [201, 409]


@pytest.mark.usefixtures("engine_key")
def test_settings_and_events_are_kept_in_pages_with_their_versions():
    assert _call("PUT /v1/settings", body={"order_prefix": "CR-"}).headers["etag"] == '"2"'
    assert _call("PUT /v1/settings", body={}, headers={"If-Match": '"1"'}).status == 412
    ids = [f"event-{number:03}" for number in range(105)]
    for event_id in ids:
        assert _call("PUT /v1/events/{event_id}", path={"event_id": event_id}, body=TASTING).status == 200
    first = _call("GET /v1/events").body
    second = _call("GET /v1/events", query={"after": first["next"]}).body
    assert [event["event_id"] for event in first["events"] + second["events"]] == ids


@pytest.mark.usefixtures("engine_key")
def test_the_login_is_kept_in_the_vault_and_tried():
    login = {"username": "cedar", "password": "correct horse"}
    assert _call("POST /v1/settings/test-login").body["code"] == "settings_incomplete"
    assert _call("PUT /v1/settings/credentials", body=login).status == 204
    assert _call("POST /v1/settings/test-login").body["connection"] == "unreachable"


@pytest.mark.usefixtures("engine_key")
def test_until_operators_store_our_own_key_test_login_blames_no_winery():
    aws.secrets_manager().put_secret_value(SecretId="partner-keys", SecretString="{}")
    _call("PUT /v1/settings/credentials", body={"username": "cedar", "password": "correct horse"})
    tried = _call("POST /v1/settings/test-login").body
    assert (tried["connection"], tried["who_acts"]) == ("our_configuration", "operators")
    assert "sandbox installation" in tried["crm_message"]


@pytest.mark.usefixtures("engine_key")
def test_schema_and_schedule_are_kept():
    assert _call("PUT /v1/discount-schema", body={"rules": []}).body["version"] == 1
    assert len(_call("GET /v1/discount-schema/versions").body["versions"]) == 1
    plan = {"enabled": True, "daily_at": "06:00"}
    _call_support("PUT /v1/schedule", body=plan)
    assert _call("GET /v1/schedule").body["schedule"]["daily_at"] == "06:00"


def _call_support(route: str, **parts: Any) -> Answered:
    return _call(route, role=Role.SUPPORT, **parts)
