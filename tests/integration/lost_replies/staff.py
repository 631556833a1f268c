"""Workflows of support and staff: wineries, keys, settings, events, rules and schedules."""

from typing import Any

from cellarhand.bootstrap import schedules, tenants
from cellarhand.domain.tenants.access_key import Caller, Role
from functions.authorizer import app as authorizer
from functions.settings import app as settings
from functions.sync_schedule import app as sync_schedule
from tests.fakes.http import TENANT, Answered, FakeContext
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.world import World, answer_of
from tests.unit.crm.test_measured_crm import FOUND

WINERY = {
    "tenant_id": "cedar-ridge",
    "name": "Cedar Ridge",
    "timezone": "Europe/Vienna",
    "currency": "EUR",
    "provider": "vinsuite",
    "crm_environment": "sandbox",
}
PLAN = {"enabled": True, "daily_at": "06:30"}
KEY = {"tenant_id": TENANT, "role": "staff", "label": "bar"}
LOGIN = {"username": "oak", "password": "correct horse"}
TASTING = {"name": "Tasting", "sku": "TASTING", "fee_per_guest": 4500}
CHANGE = {"dynamodb": {"Keys": {"pk": {"S": f"T#{TENANT}"}}, "SequenceNumber": "1"}}


def ask(route: str, *, role: Role = Role.STAFF, **parts: Any) -> Answered:
    """Of the settings function."""
    return answer_of(settings.lambda_handler, route, role=role, **parts)


def support(route: str, **parts: Any) -> Answered:
    """Of the settings function, with support's key."""
    return ask(route, role=Role.SUPPORT, **parts)


def take_on_and_let_in(world: World) -> list[Any]:
    """A winery is taken on, and its engine knocks."""
    taken_on = support("POST /v1/tenants", body=WINERY)
    keys = taken_on.body.get("keys")
    return [taken_on, knock(keys["engine"]["key"]) if keys else None]


def knock(key: str) -> Any:
    """The authorizer's answer."""
    return authorizer.lambda_handler({"headers": {"authorization": f"Bearer {key}"}}, FakeContext())


def make_and_revoke(world: World) -> list[Any]:
    """A key's life."""
    made = support("POST /v1/access-keys", body=KEY, headers={"Idempotency-Key": "k-1"})
    if "key" not in made.body:
        return [made]
    path = {"key_id": made.body["id"]}
    revoked = support("DELETE /v1/access-keys/{key_id}", path=path)
    return [made, revoked, knock(made.body["key"])]


def decide(world: World) -> list[Answered]:
    """Settings, the CRM login and an event."""
    return [
        ask("PUT /v1/settings", body={"order_prefix": "OH-"}),
        ask("GET /v1/settings"),
        ask("PUT /v1/settings/credentials", body=LOGIN),
        ask("POST /v1/settings/test-login"),
        ask("PUT /v1/events/{event_id}", path={"event_id": "tasting"}, body=TASTING),
        ask("GET /v1/events"),
    ]


def rule(world: World) -> list[Answered]:
    """New discount rules, and the old ones again."""
    return [
        ask("PUT /v1/discount-schema", body={"rules": []}),
        ask("POST /v1/discount-schema/versions/{version}/restore", path={"version": "1"}),
        ask("GET /v1/discount-schema/versions"),
    ]


def schedule(world: World) -> list[Any]:
    """Set, applied, paused, applied, resumed, turned off, applied."""
    steps = [
        lambda: support("PUT /v1/schedule", body=PLAN),
        apply,
        lambda: ask("POST /v1/schedule/pause"),
        apply,
        lambda: ask("POST /v1/schedule/resume"),
        apply,
        lambda: ask("GET /v1/schedule"),
    ]
    return [step() for step in steps]


def apply() -> Any:
    """The stream tells of a change."""
    return sync_schedule.lambda_handler({"Records": [CHANGE]}, FakeContext())


def remove_schedule(world: World) -> Any:
    """The item has gone, and the stream tells so."""
    return apply()


def status_is_left(world: World) -> None:
    """An item was applied and then deleted by hand."""
    world.schedule_items.write(TENANT, PLAN)
    schedules.apply_schedule()(TENANT)
    world.delete_schedule_item()


def measure(world: World) -> Any:
    """A probe's findings are kept."""
    operator = Caller(key_id="operator", role=Role.SUPPORT, tenant_id=TENANT)
    return tenants.record_crm_measurements()(operator, TENANT, FOUND)


WORKFLOWS = [
    Workflow("the CRM is measured", measure),
    Workflow("a winery is taken on", take_on_and_let_in),
    Workflow("a key is made and revoked", make_and_revoke),
    Workflow("staff decide", decide),
    Workflow("staff change the rules", rule),
    Workflow("a schedule is set, paused and resumed", schedule),
    Workflow("a schedule's item is deleted", remove_schedule, status_is_left),
]
