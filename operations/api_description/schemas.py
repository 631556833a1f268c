"""JSON schemas of every model that a route takes or answers."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from cellarhand.http.problem import Problem
from cellarhand.http.request import NoBody, NoQuery
from operations.api_description.registry import Described

Schema = dict[str, Any]
Asked = tuple[type[BaseModel], Literal["validation", "serialization"]]
PREFIX = "#/components/schemas/"


class _WithoutTitles(GenerateJsonSchema):
    """A title would only repeat the name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


class Schemas:
    """References by model, and the components that they lead to."""

    def __init__(self, routes: Sequence[Described]) -> None:
        wanted: list[Asked] = [*dict.fromkeys(_models(routes)), (Problem, "serialization")]
        self._references, defined = models_json_schema(
            wanted, ref_template=PREFIX + "{model}", schema_generator=_WithoutTitles
        )
        self._defined: dict[str, Schema] = defined["$defs"]
        self._of_queries = {self._name((one.route.query, "validation")) for one in routes if _has_query(one)}

    @property
    def components(self) -> dict[str, Schema]:
        """All but the models of query strings, whose fields stand as parameters."""
        return {name: schema for name, schema in self._defined.items() if name not in self._of_queries}

    def taken(self, model: type[BaseModel]) -> Schema:
        """The reference of a request's body."""
        return dict(self._references[model, "validation"])

    def answered(self, models: Sequence[type[BaseModel]]) -> Schema:
        """The reference of an answer's body, or any of several."""
        found = [dict(self._references[model, "serialization"]) for model in models]
        return found[0] if len(found) == 1 else {"anyOf": found}

    def query_fields(self, model: type[BaseModel]) -> tuple[dict[str, Schema], set[str]]:
        """The schema of each parameter, and the names of those that must be given."""
        schema = self._defined[self._name((model, "validation"))]
        return schema["properties"], set(schema.get("required", ()))

    def needs_body(self, model: type[BaseModel]) -> bool:
        """Whether an empty object is refused."""
        return any(field.is_required() for field in model.model_fields.values())

    def _name(self, asked: Asked) -> str:
        return str(self._references[asked]["$ref"]).removeprefix(PREFIX)


def _models(routes: Sequence[Described]) -> Iterator[Asked]:
    for one in routes:
        if one.route.body is not NoBody:
            yield one.route.body, "validation"
        if _has_query(one):
            yield one.route.query, "validation"
        for models in one.models_by_status().values():
            yield from ((model, "serialization") for model in models)


def _has_query(one: Described) -> bool:
    return one.route.query is not NoQuery
