"""docs/openapi.json as something that requests and answers can be checked against."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"
_TAKEN, _ANSWERED = "urn:taken", "urn:answered"
Pointer = tuple[str, ...]


class Description:
    """Every operation by its id, its route and its address."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        schemas = _Schemas(document)
        self._operations = [
            Operation(document, schemas, path, method)
            for path, item in document["paths"].items()
            for method in item
        ]

    def of_route(self, key: str) -> "Operation | None":
        """By method and path as API Gateway names them: `GET /v1/events/{event_id}`."""
        return next((one for one in self._operations if one.key == key), None)

    def of_address(self, method: str, address: str) -> "Operation | None":
        """By method and path as sent; a path without parameters goes first, as in API Gateway."""
        fitting = [one for one in self._operations if one.fits(method, address)]
        return min(fitting, key=lambda one: one.key.count("{"), default=None)


class Operation:
    """One operation. What it finds is never quoted: it may be personal."""

    def __init__(self, document: Mapping[str, Any], schemas: "_Schemas", path: str, method: str) -> None:
        self.key = f"{method.upper()} {path}"
        self._place: Pointer = ("paths", path, method)
        self._schemas = schemas
        self._content = document["paths"][path][method]
        self._document = document
        self._address = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))

    def fits(self, method: str, address: str) -> bool:
        """Whether a request to this path of the API is one of this operation."""
        return self.key.startswith(f"{method} ") and bool(self._address.fullmatch(address))

    def path_of(self, address: str) -> dict[str, str]:
        """The path's parameters."""
        found = self._address.fullmatch(address)
        return found.groupdict() if found else {}

    def request_faults(
        self, path: Mapping[str, str], query: Mapping[str, str], headers: Mapping[str, str], body: Any
    ) -> list[str]:
        """Where a request differs from the description. Header names are in lower case."""
        given = {"path": path, "query": query, "header": headers}
        faults = [
            fault
            for place, parameter in self._parameters()
            for fault in self._parameter_faults(place, parameter, given[parameter["in"]])
        ]
        described = self._content.get("requestBody")
        if described is None:
            return faults
        if body is None:
            return [*faults, "body: missing"] if described["required"] else faults
        schema = (*self._place, "requestBody", "content", "application/json", "schema")
        return [*faults, *_faults("body", self._schemas.taken(schema), body)]

    def answer_faults(self, status: int, headers: Mapping[str, str], text: str) -> list[str]:
        """Where an answer differs from the description. Header names are in lower case."""
        if str(status) not in self._content["responses"]:
            return [f"status {status} is not described"]
        place, response = self._followed((*self._place, "responses", str(status)))
        described = response.get("headers", {})
        missing = [f"header {name}: missing" for name in ("etag", "retry-after") if name in described]
        faults = [fault for fault in missing if fault.split()[1][:-1] not in headers]
        if "content" not in response:
            return [*faults, "a body that is not described"] if text else faults
        media_type = headers.get("content-type", "").partition(";")[0]
        if media_type not in response["content"]:
            return [*faults, f"{status} as {media_type} is not described"]
        if not media_type.endswith("json"):
            return faults
        schema = (*place, "content", media_type, "schema")
        return [*faults, *_faults("answer", self._schemas.answered(schema), json.loads(text))]

    def _parameters(self) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
        for index, _ in enumerate(self._content.get("parameters", ())):
            yield self._followed((*self._place, "parameters", str(index)))

    def _parameter_faults(
        self, place: Pointer, parameter: Mapping[str, Any], given: Mapping[str, str]
    ) -> list[str]:
        name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
        if name not in given:
            return [f"{parameter['in']} {name}: missing"] if parameter.get("required") else []
        return _faults(f"{parameter['in']} {name}", self._schemas.taken((*place, "schema")), given[name])

    def _followed(self, place: Pointer) -> tuple[Pointer, Mapping[str, Any]]:
        node: Any = self._document
        for step in place:
            node = node[int(step)] if isinstance(node, list) else node[step]
        if "$ref" in node:
            return self._followed(tuple(node["$ref"].removeprefix("#/").split("/")))
        return place, node


class _Schemas:
    """Validators by the place of their schema in the document, each made once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        made = {_TAKEN: document, _ANSWERED: _closed(document)}
        self._registry: Registry[Any] = Registry().with_resources(
            (name, DRAFT202012.create_resource(content)) for name, content in made.items()
        )
        self._made: dict[tuple[str, Pointer], Validator] = {}

    def taken(self, place: Pointer) -> Validator:
        """For what is sent."""
        return self._validator(_TAKEN, place)

    def answered(self, place: Pointer) -> Validator:
        """For what is answered; a field that is not described is a fault."""
        return self._validator(_ANSWERED, place)

    def _validator(self, document: str, place: Pointer) -> Validator:
        if (document, place) not in self._made:
            pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in place)
            schema = {"$ref": f"{document}#/{pointer.replace('{', '%7B').replace('}', '%7D')}"}
            self._made[document, place] = Draft202012Validator(schema, registry=self._registry)
        return self._made[document, place]


def _closed(document: Mapping[str, Any]) -> dict[str, Any]:
    closed: dict[str, Any] = deepcopy(dict(document))
    for schema in closed["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return closed


def _faults(what: str, validator: Validator, value: Any) -> list[str]:
    if validator.is_valid(value):
        return []
    return [
        f"{what}{error.json_path[1:]}: {error.validator} {json.dumps(error.validator_value)[:200]}"
        for error in validator.iter_errors(value)
    ]


@cache
def published() -> Description:
    """docs/openapi.json, read once."""
    return Description(json.loads(PUBLISHED.read_text()))
