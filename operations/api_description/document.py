"""The whole description."""

import json
from typing import Any

from operations.api_description.components import HEADERS, INTRODUCTION, PARAMETERS, SCHEMAS, SECURITY_SCHEMES
from operations.api_description.examples import examples_by_operation, problems_by_code
from operations.api_description.operation import operation_of
from operations.api_description.problems import problem_responses, response_of
from operations.api_description.registry import Described, described_routes, subjects
from operations.api_description.schemas import Schemas


def api_description() -> str:
    """As JSON text that ends with a line break."""
    return json.dumps(described_api(), indent=1, ensure_ascii=False) + "\n"


def described_api() -> dict[str, Any]:
    """As OpenAPI 3.1 lays it out."""
    routes = described_routes()
    schemas, examples = Schemas(routes), examples_by_operation()
    paths: dict[str, dict[str, Any]] = {}
    for one in routes:
        operation = operation_of(one, schemas, examples.get(one.operation_id, []))
        paths.setdefault(one.route.path, {})[one.route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cellarhand API",
            "version": "1",
            "description": INTRODUCTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "..", "description": "Where this description was read from."}],
        "tags": [{"name": name, "description": text} for name, text in subjects().items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted((schemas.components | SCHEMAS).items())),
            "responses": _failures(routes),
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _failures(routes: list[Described]) -> dict[str, Any]:
    found = {failure.name: failure for one in routes for failure in problem_responses(one).values()}
    examples = problems_by_code()
    return {name: response_of(failure, examples) for name, failure in sorted(found.items())}
