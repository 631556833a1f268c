"""How every route is reached and how every failure is answered, whatever the route does."""

import base64
import json
from io import StringIO
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from cellarhand.domain.errors import (
    CellarhandError,
    CrmLoginRefusedError,
    CrmUnavailableError,
    NotSupportedByCrmError,
    PreconditionFailedError,
    SettingsIncompleteError,
    StaleRecordError,
    StorageUnavailableError,
)
from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.api import ANYONE, IDEMPOTENCY_KEY, IF_MATCH, STAFF_AND_SUPPORT, SUPPORT, Api, Request
from tests.fakes.http import TENANT, Answered, FakeContext, call


class Wish(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid")

    guests: int


class Seen(BaseModel):
    """What the route saw."""

    tenant: str | None
    key: str
    guests: int
    path: dict[str, str]
    if_match: int | None
    idempotency_key: str | None
    seconds_left: float


ROUTE = "PUT /v1/wishes/{wish_id}"
FAIL = "POST /v1/failures"
api = Api()
raising: list[Exception] = []


@api.route(
    "PUT",
    "/v1/wishes/{wish_id}",
    roles=STAFF_AND_SUPPORT,
    body=Wish,
    takes=(IF_MATCH, IDEMPOTENCY_KEY),
    body_limit=1000,
)
def wish(request: Request[Wish]) -> Seen:
    return Seen(
        tenant=request.tenant_id,
        key=request.caller.key_id,
        guests=request.body.guests,
        path=dict(request.path),
        if_match=request.if_match,
        idempotency_key=request.idempotency_key,
        seconds_left=request.deadline.seconds_left(),
    )


@api.route("POST", "/v1/failures", roles=STAFF_AND_SUPPORT)
def fail(request: Request[Any]) -> None:
    raise raising[-1]


@api.route("POST", "/v1/tenants", roles=SUPPORT, for_tenant=False, status=204)
def tenantless(request: Request[Any]) -> None:
    assert request.caller.tenant_id is None


@api.route("GET", "/v1/health", roles=ANYONE)
def health(request: Request[Any]) -> None:
    return None


pytestmark = pytest.mark.usefixtures("outside")


def _wish(**parts: Any) -> Answered:
    return call(api.resolve, ROUTE, **{"body": {"guests": 2}, "path": {"wish_id": "w-1"}, **parts})


def test_a_route_sees_the_callers_tenant_the_checked_body_and_the_deadline():
    headers = {"If-Match": '"7"', "Idempotency-Key": "once"}
    answer = _wish(headers=headers, context=FakeContext(seconds_left=2.5))
    assert answer.status == 200
    assert answer.body == {
        "tenant": TENANT,
        "key": "staffkey",
        "guests": 2,
        "path": {"wish_id": "w-1"},
        "if_match": 7,
        "idempotency_key": "once",
        "seconds_left": 2.5,
    }


def test_answers_are_never_cached_and_carry_the_request_id():
    headers = _wish().headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-request-id"] == "request-1"


def test_a_base64_body_is_read_like_a_plain_one():
    text = base64.b64encode(b'{"guests": 3}').decode()
    assert _wish(body=None, raw_body=text, base64=True).body["guests"] == 3


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ({"raw_body": "{"}, 400, "invalid_json"),
        ({"raw_body": "%%%", "base64": True}, 400, "invalid_json"),
        ({"raw_body": "\ud800"}, 400, "invalid_json"),
        ({"body": {"guests": "many"}}, 422, "invalid_request"),
        ({"body": {"guests": 1, "dogs": 1}}, 422, "invalid_request"),
        ({"body": {"guests": 1, "x": "x" * 1000}}, 413, "request_too_large"),
        ({"path": {"wish_id": "../secret"}}, 422, "invalid_request"),
        ({"path": {"wish_id": "x" * 65}}, 422, "invalid_request"),
        ({"headers": {"If-Match": "*"}}, 422, "invalid_request"),
        ({"headers": {"Idempotency-Key": ""}}, 422, "invalid_request"),
        ({"role": Role.ENGINE}, 403, "not_allowed"),
        ({"role": None}, 403, "not_authenticated"),
        ({"role": Role.SUPPORT}, 422, "tenant_header_missing"),
        ({"role": Role.SUPPORT, "tenant": "nobody"}, 404, "tenant_not_found"),
        ({"role": Role.SUPPORT, "headers": {"Cellarhand-Tenant": "*"}}, 422, "tenant_header_missing"),
        ({"headers": {"Cellarhand-Tenant": "birch-hill"}}, 403, "tenant_header_not_allowed"),
    ],
)
def test_a_bad_request_is_refused_with_a_stable_code(parts: dict[str, Any], status: int, code: str):
    answer = _wish(**parts)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["request_id"] == "request-1"


def test_support_acts_for_the_tenant_that_the_header_names():
    assert _wish(role=Role.SUPPORT, tenant="birch-hill").body["tenant"] == "birch-hill"
    assert _wish(role=Role.SUPPORT, tenant=TENANT).body["tenant"] == TENANT


def test_a_route_without_a_tenant_takes_support_without_the_header():
    answer = call(api.resolve, "POST /v1/tenants", role=Role.SUPPORT)
    assert (answer.status, answer.body) == (204, None)


def test_health_needs_no_key():
    assert call(api.resolve, "GET /v1/health", role=None).status == 200


def test_an_unknown_route_is_a_problem_too():
    answer = call(api.resolve, "$default")
    assert (answer.status, answer.body["code"]) == (404, "no_such_route")


@pytest.mark.parametrize(
    ("error", "status", "code", "who_acts"),
    [
        (NotSupportedByCrmError("x"), 409, "not_supported_by_crm", "staff"),
        (SettingsIncompleteError("x"), 409, "settings_incomplete", "staff"),
        (PreconditionFailedError("x"), 412, "version_changed", "caller"),
        (StaleRecordError("x"), 409, "changed_meanwhile", "nobody"),
        (StorageUnavailableError("x"), 503, "storage_unavailable", "nobody"),
        (CrmUnavailableError("x"), 503, "crm_unavailable", "nobody"),
        (CrmLoginRefusedError("x"), 503, "crm_login_refused", "staff"),
        (CellarhandError("x"), 500, "internal_error", "operators"),
    ],
)
def test_each_failure_has_its_status_and_says_who_acts(
    error: CellarhandError, status: int, code: str, who_acts: str
):
    raising.append(error)
    answer = call(api.resolve, FAIL)
    assert (answer.status, answer.body["code"], answer.body["who_acts"]) == (status, code, who_acts)


def test_an_unforeseen_failure_tells_and_logs_nothing_of_the_request(log: StringIO):
    raising.append(ValueError("anna@example.com"))
    answer = call(api.resolve, FAIL)
    assert (answer.status, answer.body["code"]) == (500, "internal_error")
    assert "ValueError" in log.getvalue()
    assert "anna" not in json.dumps(answer.body) + log.getvalue()


def test_an_event_that_is_none_of_ours_is_answered_too():
    assert Answered(api.resolve({"headers": None}, FakeContext())).status == 404
