"""One operation: a route as OpenAPI describes it."""

from typing import Any

from cellarhand.http.request import NoBody
from cellarhand.http.route import KILOBYTE, Route
from operations.api_description.examples import Example
from operations.api_description.parameters import parameters_of
from operations.api_description.problems import problem_responses
from operations.api_description.registry import Described
from operations.api_description.schemas import Schemas

REQUEST_ID = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
ETAG = {"etag": {"$ref": "#/components/headers/ETag"}}
SUCCESS = {200: "Done.", 201: "Made.", 202: "Accepted: it goes on by itself.", 204: "Done; there is no body."}


def operation_of(one: Described, schemas: Schemas, examples: list[Example]) -> dict[str, Any]:
    """The operation, with its examples."""
    operation = {
        "operationId": one.operation_id,
        "tags": [one.subject],
        "summary": one.summary,
        "description": _description(one),
        "security": [{"AccessKey": [role]} for role in sorted(one.route.roles)],
        "parameters": _with_examples(parameters_of(one, schemas), examples),
        "requestBody": _request_body(one.route, schemas, examples),
        "responses": _responses(one, schemas, examples),
    }
    return {name: part for name, part in operation.items() if part not in (None, []) or name == "security"}


def _description(one: Described) -> str:
    lines = [one.details] if one.details else []
    if roles := sorted(one.route.roles):
        lines.append(f"For keys of the role {' or '.join(roles)}.")
    else:
        lines.append("For anybody, without an access key.")
    if one.route.body is not NoBody:
        lines.append(f"The body may have up to {one.route.body_limit // KILOBYTE} KB.")
    if "too_many_requests" in one.route.problems:
        lines.append(
            "Requests that name a guest are limited in each minute, per access key and per guest, as the "
            "winery's settings say (`recognition_limits`)."
        )
    return "\n\n".join(lines)


def _with_examples(parameters: list[dict[str, Any]], examples: list[Example]) -> list[dict[str, Any]]:
    """The value of each parameter in the first example that has one."""
    shown: dict[tuple[str, str], str] = {}
    for example in reversed(examples):
        shown |= {(place, name): value for place in ("path", "query") for name, value in example.sent(place)}
    keys = [(one.get("in", ""), one.get("name", "")) for one in parameters]
    return [
        one | ({"example": shown[key]} if key in shown else {})
        for one, key in zip(parameters, keys, strict=True)
    ]


def _request_body(route: Route, schemas: Schemas, examples: list[Example]) -> dict[str, Any] | None:
    if route.body is NoBody:
        return None
    shown = {example.name: {"value": example.body} for example in examples if example.body is not None}
    content = {"schema": schemas.taken(route.body)} | ({"examples": shown} if shown else {})
    return {"required": schemas.needs_body(route.body), "content": {"application/json": content}}


def _responses(one: Described, schemas: Schemas, examples: list[Example]) -> dict[str, Any]:
    responses = _successes(one, schemas)
    for example in examples:
        content = responses.get(example.status, {}).get("content", {}).get(example.media_type)
        if content is not None and example.answer is not None:
            content.setdefault("examples", {})[example.name] = {"value": example.answer}
    failures = problem_responses(one)
    shared = {status: {"$ref": f"#/components/responses/{one.name}"} for status, one in failures.items()}
    return {str(status): part for status, part in sorted((responses | shared).items())}


def _successes(one: Described, schemas: Schemas) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for status, models in one.models_by_status().items():
        content = {"application/json": {"schema": schemas.answered(models)}}
        headers = REQUEST_ID | (ETAG if one.is_versioned else {})
        found[status] = {"description": SUCCESS[status], "headers": headers, "content": content}
    if one.is_csv:
        found[200]["content"]["text/csv"] = {"schema": {"type": "string"}}
    if one.is_file:
        files = {media_type: {"schema": _file_schema(media_type)} for media_type in one.route.media_types}
        found[200] = {"description": SUCCESS[200], "headers": REQUEST_ID | ETAG, "content": files}
        found[304] = {
            "description": "The file that you have is the present one.",
            "headers": REQUEST_ID | ETAG,
        }
    return found or {int(one.route.status): {"description": SUCCESS[204], "headers": REQUEST_ID}}


def _file_schema(media_type: str) -> dict[str, Any]:
    return {"type": "object" if media_type == "application/json" else "string"}
