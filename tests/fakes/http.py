"""HTTP API events (payload version 2.0) and the Lambda context, as the real ones look."""

import gzip
import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Protocol

from cellarhand.adapters.system import LambdaContext
from cellarhand.domain.tenants.access_key import EVERY_TENANT, Role
from sandbox.described.description import published
from sandbox.described.exchange import Exchange

TENANT = "oak-hollow"


class FakeContext:
    """The context of a Lambda with this much time left."""

    aws_request_id = "invocation-1"

    def __init__(self, seconds_left: float = 30) -> None:
        self.seconds_left = seconds_left

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds_left * 1000)


class Handler(Protocol):
    """A function's entry point."""

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> Any: ...


class Answered:
    """What a handler answered: `status`, `headers`, the body as `text`, and read as JSON where it is JSON."""

    def __init__(self, response: Mapping[str, Any]) -> None:
        self.status: int = response["statusCode"]
        self.headers: dict[str, str] = response["headers"]
        packed = response.get("isBase64Encoded")
        self.bytes_sent = len(response["body"].encode())
        self.text: str = gzip.decompress(b64decode(response["body"])).decode() if packed else response["body"]
        is_json = "json" in self.headers["content-type"]
        self.body: Any = json.loads(self.text) if self.text and is_json else None


def call(handler: Handler, route: str, *, context: LambdaContext | None = None, **parts: Any) -> Answered:
    """Send `http_event(route, **parts)` to a handler; a function's own is held to docs/openapi.json."""
    answer = Answered(handler(http_event(route, **parts), context or FakeContext()))
    if getattr(handler, "__module__", "").startswith("functions."):
        check_described(route, answer, parts)
    return answer


def check_described(route: str, answer: Answered, parts: Mapping[str, Any]) -> None:
    """Raises unless docs/openapi.json describes it so; a raw body is not looked at."""
    operation = published().of_route(route)
    if operation is not None:
        exchange = Exchange(
            status=answer.status,
            text=answer.text,
            path=parts.get("path") or {},
            query=parts.get("query") or {},
            sent_headers={name.lower(): value for name, value in (parts.get("headers") or {}).items()},
            sent_body=json.loads(json.dumps(parts.get("body"))),
            headers=answer.headers,
        )
        exchange.check(operation, answer_only="raw_body" in parts)


def http_event(
    route: str,
    *,
    role: Role | None = Role.STAFF,
    tenant: str | None = None,
    body: Any = None,
    raw_body: str | None = None,
    base64: bool = False,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    anonymous: bool = False,
) -> dict[str, Any]:
    """An event as API Gateway makes it. `tenant` is the caller's; a support key names it by header.

    `role` None: no authorizer ran. `raw_body` is sent as it stands, `body` as JSON.
    """
    method, _, template = route.partition(" ")
    raw_path = template.replace("{", "").replace("}", "")
    for name, value in (path or {}).items():
        raw_path = raw_path.replace(name, value)
    given = {"content-type": "application/json", **(headers or {})}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw_path,
        "rawQueryString": "&".join(f"{name}={value}" for name, value in (query or {}).items()),
        "headers": given,
        "requestContext": {
            "requestId": "request-1",
            "stage": "$default",
            "routeKey": route,
            "http": {"method": method, "path": raw_path, "protocol": "HTTP/1.1"},
        },
        "isBase64Encoded": base64,
    }
    if role is not None:
        event["requestContext"]["authorizer"] = {"lambda": _caller(role, tenant, anonymous)}
        if role is Role.SUPPORT and tenant:
            given["cellarhand-tenant"] = tenant
    if path:
        event["pathParameters"] = dict(path)
    if query:
        event["queryStringParameters"] = dict(query)
    if raw_body is not None or body is not None:
        event["body"] = raw_body if raw_body is not None else json.dumps(body)
    return event


def _caller(role: Role, tenant: str | None, anonymous: bool) -> dict[str, Any]:
    of_key = EVERY_TENANT if role is Role.SUPPORT else tenant or TENANT
    return {"key_id": f"{role}key", "role": role.value, "tenant": of_key, "anonymous": anonymous}
