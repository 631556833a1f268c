"""Bad input of every route of every function: problem+json with a stable code, never a 500."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cellarhand.bootstrap.outside import outside as current_outside
from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.api import Route
from cellarhand.http.request import NoBody
from tests.fakes.http import TENANT, Answered, Handler, call
from tests.fakes.outside import FakeOutside

MEGABYTE = 1024 * 1024
PERSON = "anna.berg@example.com"


class Door(NamedTuple):
    """A route and the function it belongs to."""

    handler: Handler
    route: Route

    @property
    def role(self) -> Role | None:
        """A role that may use it; None for anybody."""
        return sorted(self.route.roles)[0] if self.route.roles else None

    def knock(self, **parts: Any) -> Answered:
        """Call it as somebody who may, but for what `parts` say."""
        path = dict.fromkeys(re.findall(r"{(\w+)}", self.route.path), "id-1")
        return call(
            self.handler, self.route.key, **{"role": self.role, "tenant": TENANT, "path": path, **parts}
        )


def _doors() -> Iterator[Door]:
    for file in sorted(Path("functions").glob("*/app.py")):
        app = importlib.import_module(f"functions.{file.parent.name}.app")
        for route in getattr(getattr(app, "api", None), "routes", {}).values():
            yield Door(app.lambda_handler, route)


DOORS = list(_doors())
GUARDED = [door for door in DOORS if door.route.roles]
WITH_BODY = [door for door in DOORS if door.route.body is not NoBody]
WITH_PATH = [door for door in DOORS if "{" in door.route.path]

BAD_BODIES: dict[str, tuple[str, int, str]] = {
    "cut off": ("{", 400, "invalid_json"),
    "no object": ("[1]", 400, "invalid_json"),
    "not a number": ('{"a": NaN}', 400, "invalid_json"),
    "a key twice": ('{"a": 1, "a": 2}', 400, "invalid_json"),
    "half a character": ('{"a": "\\ud800"}', 400, "invalid_json"),
    "a control character": ('{"a": "\\u0000"}', 400, "invalid_json"),
    "nested": ('{"a":' * 5000 + "1" + "}" * 5000, 400, "invalid_json"),
    "a huge integer": ('{"a": ' + "9" * 400 + "}", 400, "invalid_json"),
    "an unknown field": ('{"no_such_field": 1}', 422, "invalid_request"),
    "oversized": (json.dumps({"a": "x" * (MEGABYTE + 1)}), 413, "request_too_large"),
}


def _names(doors: list[Door]) -> list[str]:
    return [door.route.key for door in doors]


@pytest.fixture(autouse=True)
def _world(outside: FakeOutside) -> FakeOutside:
    return outside


def _is_problem(answer: Answered, status: int, code: str) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["status"] == answer.status
    assert answer.body["who_acts"]
    return (answer.status, answer.body["code"]) == (status, code)


@pytest.mark.parametrize("door", DOORS, ids=_names(DOORS))
@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_body_is_refused(door: Door, body: str, status: int, code: str):
    assert _is_problem(door.knock(raw_body=body), status, code)


@pytest.mark.parametrize("wrong", [1, True, None, [], {}, -1], ids=repr)
@pytest.mark.parametrize("door", WITH_BODY, ids=_names(WITH_BODY))
def test_fields_of_wrong_types_never_break_anything(door: Door, wrong: Any):
    answer = door.knock(body=dict.fromkeys(door.route.body.model_fields, wrong))
    assert _is_problem(answer, 422, "invalid_request")
    assert answer.body["errors"]


@pytest.mark.parametrize("door", WITH_BODY, ids=_names(WITH_BODY))
def test_each_field_alone_of_a_wrong_type_never_breaks_anything(door: Door):
    for name in door.route.body.model_fields:
        for wrong in (1, "x", True, [PERSON], {"x": PERSON}, 2**62, -1, 0.5, "x" * 10_000):
            answer = door.knock(raw_body=json.dumps({name: wrong}))
            assert answer.status < 500, (name, wrong)
            assert PERSON not in json.dumps(answer.body.get("detail", "")), name


@pytest.mark.parametrize("door", GUARDED, ids=_names(GUARDED))
def test_a_role_that_may_not_is_refused(door: Door):
    for role in set(Role) - set(door.route.roles):
        assert _is_problem(door.knock(role=role), 403, "not_allowed")


@pytest.mark.parametrize("door", GUARDED, ids=_names(GUARDED))
def test_without_a_key_nothing_but_health_answers(door: Door):
    assert _is_problem(door.knock(role=None), 403, "not_authenticated")


@pytest.mark.parametrize("door", GUARDED, ids=_names(GUARDED))
def test_support_must_name_a_winery_that_there_is(door: Door):
    if Role.SUPPORT in door.route.roles and door.route.for_tenant:
        assert _is_problem(door.knock(role=Role.SUPPORT, tenant=None), 422, "tenant_header_missing")
        assert _is_problem(door.knock(role=Role.SUPPORT, tenant="nowhere"), 404, "tenant_not_found")


@pytest.mark.parametrize("door", GUARDED, ids=_names(GUARDED))
def test_a_winerys_own_key_may_not_name_another(door: Door):
    for role in set(door.route.roles) - {Role.SUPPORT}:
        answer = door.knock(role=role, headers={"Cellarhand-Tenant": "birch-hill"})
        assert _is_problem(answer, 403, "tenant_header_not_allowed")


@pytest.mark.parametrize("strange", ["", " ", "../x", "a/b", "x" * 65, "é", "a\nb", "%00", "' OR 1=1", "_x"])
@pytest.mark.parametrize("door", WITH_PATH, ids=_names(WITH_PATH))
def test_a_path_that_holds_no_id_is_refused(door: Door, strange: str):
    path = dict.fromkeys(re.findall(r"{(\w+)}", door.route.path), strange)
    assert _is_problem(door.knock(path=path), 422, "invalid_request")


@pytest.mark.parametrize("door", DOORS, ids=_names(DOORS))
def test_a_strange_query_never_breaks_anything(door: Door):
    strange = {"after": "\u0000", "from": "yesterday", "no_such_parameter": "1", "order_state": "?"}
    assert door.knock(query=strange).status < 500


@pytest.mark.parametrize("door", GUARDED, ids=_names(GUARDED))
def test_a_store_that_is_down_is_told_as_such(door: Door, monkeypatch: pytest.MonkeyPatch):
    """Unless the empty body was refused before the store was asked."""
    world = current_outside()
    for table in (world.settings, world.ledger, world.access, world.audit):
        for method in ("get", "get_many", "save", "save_all", "list_records", "worklist"):
            monkeypatch.setattr(table, method, _down)
    answer = door.knock(role=Role.SUPPORT) if Role.SUPPORT in door.route.roles else door.knock()
    assert answer.status == 503 or _is_problem(answer, 422, "invalid_request")


def _down(*_: object, **__: object) -> None:
    raise StorageUnavailableError("The store does not answer.")


DATES_OF_NO_CALENDAR = {
    "digits of another script": {"starts_at": "２０２６-06-20T14:00"},
    "no day": {"starts_at": "2026-02-30T14:00"},
    "before any calendar": {"starts_at": "0001-01-01T00:00"},
    "an instant that no time zone can date": {"booked_at": "0001-01-01T00:00:00Z"},
    "an instant past the last day": {"booked_at": "9999-12-31T23:59:59-12:00"},
}


@pytest.mark.parametrize("wrong", DATES_OF_NO_CALENDAR.values(), ids=DATES_OF_NO_CALENDAR)
def test_dates_that_can_not_be_kept_or_compared_are_refused(wrong: dict[str, str]):
    for door in WITH_BODY:
        if wrong.keys() <= door.route.body.model_fields.keys():
            answer = door.knock(body=wrong)
            assert f"/{next(iter(wrong))}" in {error["pointer"] for error in answer.body["errors"]}
