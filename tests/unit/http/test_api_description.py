"""docs/openapi.json is what the code says, complete, and right."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from cellarhand.http.problem_codes.page import problems_markdown
from operations.api_description.document import api_description
from operations.api_description.places import DEPLOYED, EXAMPLES, EXPLAINED, PUBLISHED
from operations.api_description.registry import described_routes
from sandbox.described.description import published
from sandbox.described.exchange import Exchange
from tests.api_examples.story import recorded

WRITE_ANEW = "run: make openapi"
KEYS = [one.route.key for one in described_routes()]


@cache
def document() -> dict[str, Any]:
    return dict(json.loads(PUBLISHED.read_text()))


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in item.items())


def operation(key: str) -> dict[str, Any]:
    return dict(operations())[key]


def examples() -> list[dict[str, Any]]:
    return list(json.loads(EXAMPLES.read_text()))


def test_the_examples_are_what_the_functions_answer_today():
    assert recorded() == EXAMPLES.read_text(), WRITE_ANEW


@pytest.mark.parametrize("file", [PUBLISHED, DEPLOYED], ids=["published", "deployed"])
def test_the_description_is_up_to_date(file: Path):
    assert file.read_text() == api_description(), WRITE_ANEW


def test_the_explanation_of_the_problems_is_up_to_date():
    assert EXPLAINED.read_text() == problems_markdown(), WRITE_ANEW


def test_the_description_is_valid_openapi():
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_every_route_of_the_code_is_described_and_the_other_way_round():
    assert sorted(key for key, _ in operations()) == sorted(KEYS)


def test_every_operation_has_a_name_of_its_own():
    names = [found["operationId"] for _, found in operations()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("key", KEYS)
def test_every_route_has_a_summary_that_fits_into_a_list(key: str):
    assert 0 < len(operation(key)["summary"]) <= 110


@pytest.mark.parametrize("key", KEYS)
def test_every_route_has_its_problem_codes(key: str):
    failures = [part for status, part in operation(key)["responses"].items() if status >= "400"]
    codes = {code for part in failures for code in part["$ref"].rpartition("/")[2].split(".")[1:]}
    assert {"invalid_json", "invalid_request", "request_too_large", "internal_error"} <= codes


@pytest.mark.parametrize("key", KEYS)
def test_every_route_has_an_example_of_its_success(key: str):
    name = operation(key)["operationId"]
    assert [e for e in examples() if e["operation_id"] == name and e["status"] < 400], (
        f"add one to tests/api_examples, then {WRITE_ANEW}"
    )


@pytest.mark.parametrize("key", KEYS)
def test_every_body_has_an_example(key: str):
    body = operation(key).get("requestBody")
    assert body is None or body["content"]["application/json"]["examples"]


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e['operation_id']}: {e['name']}")
def test_an_example_is_as_the_description_says(example: dict[str, Any]):
    (key,) = [key for key, found in operations() if found["operationId"] == example["operation_id"]]
    found = published().of_route(key)
    assert found is not None
    answer = example["answer"]
    exchange = Exchange(
        status=example["status"],
        text=answer if isinstance(answer, str) else json.dumps(answer or {}),
        path=example["path"],
        query=example["query"],
        sent_headers={name.lower(): value for name, value in example["headers"].items()},
        sent_body=example["body"],
        headers={"content-type": example["media_type"], "etag": '"1"', "retry-after": "1"},
    )
    if example["status"] != 204:
        exchange.check(found)


def test_no_model_is_named_by_its_module():
    assert [name for name in document()["components"]["schemas"] if "__" in name] == []


@pytest.mark.parametrize("word", ["@gmail", "@yahoo", "@outlook", "amazonaws.com"])
def test_examples_name_nobody_and_nothing_that_is_real(word: str):
    assert word not in EXAMPLES.read_text()
