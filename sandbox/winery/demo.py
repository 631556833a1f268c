"""The demo winery on a running stack: onboarded once, then found again with its keys."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from operations.stack_tables import tables_of
from operations.support_key import make_support_key
from sandbox.machine.aws_session import aws_session_env
from sandbox.machine.places import STATE
from sandbox.winery import members
from sandbox.winery.clients import Cellarhand, VinSuite
from sandbox.winery.narration import Narrator
from sandbox.winery.private_file import write_private
from sandbox.winery.stack import LocalStack
from sandbox.winery.tour.visit import Visit

TENANT_ID = "larkspur-ridge"
KEYS = STATE / "demo-keys.json"
"""Access keys are shown once, so the demo keeps its own; only this machine's emulator accepts them."""

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Demo:
    """Everything a step of the tour needs."""

    stack: LocalStack
    report: Narrator
    visit: Visit
    engine: Cellarhand
    staff: Cellarhand
    support: Cellarhand
    vinsuite: VinSuite
    tenant_id: str = TENANT_ID


def open_demo(stack: LocalStack, keys_file: Path = KEYS) -> Demo:
    """The demo winery, onboarded if this stack does not accept the keys in `keys_file` (yet)."""
    vinsuite = VinSuite(stack.vinsuite_url, TENANT_ID)
    vinsuite.load_once(members.seed())
    vinsuite.heal()
    keys = _kept_keys(stack, keys_file) or _onboard(stack, keys_file)
    engine, staff, support = (_caller(stack, keys, role) for role in ("engine", "staff", "support"))
    return Demo(stack, Narrator(), Visit(datetime.now(UTC)), engine, staff, support, vinsuite)


def _caller(stack: LocalStack, keys: dict[str, str], role: str) -> Cellarhand:
    return Cellarhand(stack.api_url, keys[role], TENANT_ID if role == "support" else None)


def _kept_keys(stack: LocalStack, keys_file: Path) -> dict[str, str] | None:
    """The keys of an earlier run, if this stack still accepts them."""
    if not keys_file.exists():
        return None
    keys: dict[str, str] = json.loads(keys_file.read_text())
    answer = _caller(stack, keys, "staff").send("GET", "/v1/settings")
    return keys if answer.is_success else None


def _onboard(stack: LocalStack, keys_file: Path) -> dict[str, str]:
    """What support and staff do once for a new winery; keeps the keys."""
    os.environ.update(aws_session_env(stack.endpoint_url))
    support_key = make_support_key(tables_of(stack.outputs), label="demo support")
    support = Cellarhand(stack.api_url, support_key)
    tenant = {
        "tenant_id": TENANT_ID,
        "name": "Larkspur Ridge",
        "timezone": "America/Los_Angeles",
        "currency": "USD",
        "provider": "vinsuite",
        "crm_environment": "sandbox",
    }
    made = support.ask("POST", "/v1/tenants", tenant, status=201)
    keys = {role: key["key"] for role, key in made["keys"].items()} | {"support": support_key}
    _configure(_caller(stack, keys, "staff"))
    write_private(keys_file, json.dumps(keys, indent=2))
    return keys


def _configure(staff: Cellarhand) -> None:
    """Settings, login, events, then the discount schema that speaks of them."""
    staff.ask("PUT", "/v1/settings", _document("settings"))
    login = {"username": members.USERNAME, "password": members.PASSWORD}
    staff.ask("PUT", "/v1/settings/credentials", login, status=204)
    for event_id, event in _document("events").items():
        staff.ask("PUT", f"/v1/events/{event_id}", event)
    staff.ask("PUT", "/v1/discount-schema", _document("discount_schema"))


def _document(name: str) -> dict[str, Any]:
    return dict(json.loads((_HERE / f"{name}.json").read_text()))
