"""Who holds which key, through the real handlers of `authorizer` and `settings`."""

import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from cellarhand.domain.tenants.access_key import Role
from functions.authorizer import app as authorizer
from functions.settings import app as settings
from tests.fakes.http import TENANT, Answered, FakeContext, call, http_event
from tests.fakes.outside import FakeOutside

EVENT = json.loads(Path("events/authorizer.json").read_text())
NEW_KEY = "POST /v1/access-keys"
REVOKE = "DELETE /v1/access-keys/{key_id}"


def _asked(authorization: str | None) -> Any:
    event = json.loads(json.dumps(EVENT))
    event["headers"].pop("authorization")
    if authorization is not None:
        event["headers"]["authorization"] = authorization
    return authorizer.lambda_handler(event, FakeContext())


def _make(**wish: Any) -> Answered:
    body = {"tenant_id": TENANT, "role": "engine", "label": "booking server", **wish}
    return call(settings.lambda_handler, NEW_KEY, role=Role.SUPPORT, body=body)


def _is_let_in(key: str) -> bool:
    return bool(_asked(f"Bearer {key}")["isAuthorized"])


@pytest.mark.usefixtures("outside")
def test_a_key_is_answered_with_role_and_tenant_for_the_functions_to_read():
    made = _make(anonymous_quotes=True).body
    assert _asked(f"Bearer {made['key']}") == {
        "isAuthorized": True,
        "context": {"key_id": made["id"], "role": "engine", "tenant": TENANT, "anonymous": True},
    }


@pytest.mark.usefixtures("outside")
def test_a_support_key_belongs_to_every_tenant():
    key = _make(tenant_id=None, role="support").body["key"]
    assert _asked(f"Bearer {key}")["context"]["tenant"] == "*"


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer ch_",
        "Basic YTpi",
        "Bearer ch_0123456789_" + "x" * 43,
        "Bearer ch_0123456789_" + "x" * 5000,
        "Bearer ch_é_ü",
        "Bearer ch_0123456789_xxxxxxxxxxxxxxxxxxxxxxxx\n",
        "\x00",
    ],
)
def test_whoever_has_no_key_is_turned_away_without_an_error(authorization: str | None):
    assert _asked(authorization) == {"isAuthorized": False}


@pytest.mark.usefixtures("outside")
def test_one_wrong_character_of_the_secret_is_enough_to_be_turned_away():
    key = _make().body["key"]
    assert not _is_let_in(key[:-1] + ("a" if key[-1] != "a" else "b"))
    assert not _is_let_in(f"{key} {key}")


def test_an_expired_key_is_turned_away(outside: FakeOutside):
    key = _make(expires_at="2026-06-06T12:00:10Z").body["key"]
    outside.clock.advance(seconds=9)
    assert _is_let_in(key)
    outside.clock.advance(seconds=1)
    assert not _is_let_in(key)


@pytest.mark.usefixtures("outside")
def test_a_key_is_rotated_without_a_gap():
    old, new = _make().body, _make().body
    assert _is_let_in(old["key"])
    assert _is_let_in(new["key"])
    call(settings.lambda_handler, REVOKE, role=Role.SUPPORT, path={"key_id": old["id"]})
    assert not _is_let_in(old["key"])
    assert _is_let_in(new["key"])


def test_secrets_are_compared_in_constant_time(outside: FakeOutside, monkeypatch: pytest.MonkeyPatch):
    compared: list[int] = []

    def compare(ours: str, theirs: str) -> bool:
        compared.append(len(ours))
        return ours == theirs

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert _is_let_in(_make().body["key"])
    assert not _is_let_in("ch_0123456789_" + "x" * 43)
    assert compared == [64, 64]


def test_only_the_hash_of_a_secret_is_stored(outside: FakeOutside):
    secret = _make().body["key"].rsplit("_", 1)[1]
    assert secret not in repr(vars(outside.access)) + repr(vars(outside.audit))


def test_one_support_key_acts_for_two_tenants_within_a_second(outside: FakeOutside):
    """API Gateway may give both the answer that it remembers: only the header differs."""
    key = _make(tenant_id=None, role="support").body["key"]
    remembered = _asked(f"Bearer {key}")["context"]
    for tenant_id, prefix in ((TENANT, "OAK-"), ("birch-hill", "BIRCH-")):
        event = http_event(
            "PUT /v1/settings", role=Role.SUPPORT, tenant=tenant_id, body={"order_prefix": prefix}
        )
        event["requestContext"]["authorizer"]["lambda"] = remembered
        assert Answered(settings.lambda_handler(event, FakeContext())).status == 200
    for tenant_id, prefix in ((TENANT, "OAK-"), ("birch-hill", "BIRCH-")):
        read = call(settings.lambda_handler, "GET /v1/settings", tenant=tenant_id)
        assert read.body["order_prefix"] == prefix
