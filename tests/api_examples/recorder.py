"""Calls the functions as API Gateway does, and keeps what was asked and answered."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cellarhand.domain.tenants.access_key import Role
from tests.fakes.http import Answered, FakeContext, Handler, http_event

TENANT = "larkspur-ridge"


@cache
def handlers() -> dict[str, tuple[Handler, str]]:
    """The function that serves a route, and the name under which the route is described."""
    apps = [import_module(f"functions.{file.parent.name}.app") for file in Path("functions").glob("*/app.py")]
    return {
        key: (app.lambda_handler, getattr(route.answer, "__name__", ""))
        for app in apps
        for key, route in getattr(getattr(app, "api", None), "routes", {}).items()
    }


class Recorder:
    """Keeps every exchange that has a name."""

    def __init__(self) -> None:
        self.examples: list[dict[str, Any]] = []

    def ask(
        self,
        route: str,
        name: str | None = None,
        *,
        role: Role | None = Role.STAFF,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        expect: int = 200,
        **parts: Any,
    ) -> Any:
        """The answer's body; without a name nothing is kept."""
        handler, operation_id = handlers()[route]
        tenant = parts.pop("tenant", TENANT if role else None)
        sent = {"path": path, "query": query, "headers": headers, "body": body}
        event = http_event(route, role=role, tenant=tenant, **sent, **parts)
        answer = Answered(handler(event, FakeContext()))
        assert answer.status == expect, f"{route} answered {answer.status}: {answer.text[:500]}"
        if name:
            self.examples.append(_example(operation_id, name, sent, answer))
        return answer.body


def _example(operation_id: str, name: str, sent: Mapping[str, Any], answer: Answered) -> dict[str, Any]:
    media_type = answer.headers["content-type"].partition(";")[0]
    is_file = "max-age" in answer.headers["cache-control"]
    shown = answer.body if answer.body is not None else answer.text or None
    return {
        "operation_id": operation_id,
        "name": name,
        "path": dict(sent["path"] or {}),
        "query": dict(sent["query"] or {}),
        "headers": dict(sent["headers"] or {}),
        "body": json.loads(json.dumps(sent["body"])),
        "status": answer.status,
        "media_type": media_type,
        "answer": None if is_file else shown,
    }
