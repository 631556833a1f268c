"""Requests with their real answers, as `python -m tests.api_examples` has recorded them."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from operations.api_description.places import EXAMPLES


class Example(NamedTuple):
    """One exchange; `name` distinguishes it from the others of the route."""

    operation_id: str
    name: str
    path: dict[str, str]
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int
    media_type: str
    answer: Any

    def sent(self, place: str) -> Iterator[tuple[str, str]]:
        """Parameters of the path or the query string."""
        yield from (self.path if place == "path" else self.query).items()


def examples_by_operation() -> dict[str, list[Example]]:
    """All that are recorded, in their order."""
    found: dict[str, list[Example]] = {}
    for recorded in json.loads(EXAMPLES.read_text()):
        example = Example(**recorded)
        found.setdefault(example.operation_id, []).append(example)
    return found


def problems_by_code() -> dict[str, Any]:
    """The first recorded problem of each code."""
    examples = [example for of_one in examples_by_operation().values() for example in of_one]
    problems = [example.answer for example in examples if example.media_type == "application/problem+json"]
    return {problem["code"]: problem for problem in reversed(problems)}
