"""What a route takes beside its body: ids of the path, the query string, headers."""

import re
from typing import Any

from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.request import ID_SHAPE, NoQuery
from cellarhand.http.route import IDEMPOTENCY_KEY, IF_MATCH
from operations.api_description.registry import Described
from operations.api_description.schemas import Schemas

HEADERS = {IF_MATCH: "IfMatch", IDEMPOTENCY_KEY: "IdempotencyKey"}


def parameters_of(one: Described, schemas: Schemas) -> list[dict[str, Any]]:
    """In the order: path, query, headers."""
    return [*_of_path(one), *_of_query(one, schemas), *_headers(one)]


def _of_path(one: Described) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", one.route.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _id_schema(one.route.path_patterns.get(name)),
        }
        for name in names
    ]


def _id_schema(pattern: str | None) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern or f"^{ID_SHAPE.pattern}$"}


def _of_query(one: Described, schemas: Schemas) -> list[dict[str, Any]]:
    if one.route.query is NoQuery:
        return []
    fields, required = schemas.query_fields(one.route.query)
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _sent(schema)}
        for name, schema in fields.items()
    ]


def _sent(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is absent rather than null."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    rest = {key: part for key, part in schema.items() if key != "anyOf" and (key, part) != ("default", None)}
    if not options:
        return rest
    return rest | (options[0] if len(options) == 1 else {"anyOf": options})


def _headers(one: Described) -> list[dict[str, Any]]:
    names = [HEADERS[name] for name in one.route.takes]
    if Role.SUPPORT in one.route.roles and one.route.for_tenant:
        names.insert(0, "Tenant")
    if one.is_file:
        names.append("IfNoneMatch")
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]
