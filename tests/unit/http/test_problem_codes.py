"""One table explains every problem code: none is missing, none is left over."""

import ast
from collections.abc import Iterator
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from cellarhand.domain.errors import CellarhandError
from cellarhand.http.problem import EXPLAINED_AT, status_of
from cellarhand.http.problem_codes.page import problems_page
from cellarhand.http.problem_codes.table import PROBLEM_CODES
from functions.settings import app
from tests.fakes.http import call

PRODUCT = Path("layers/shared/cellarhand")
CODES = [one.code for one in PROBLEM_CODES]


class Raised(NamedTuple):
    """An error class, and the code that it has by itself or at one place."""

    kind: type[CellarhandError]
    code: str


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PRODUCT.rglob("*.py")):
        text = path.read_text()
        if "code" in text and "Error" in text:
            name = ".".join(path.relative_to(PRODUCT.parent).with_suffix("").parts)
            yield name, ast.parse(text)


def by_themselves() -> Iterator[Raised]:
    waiting = [CellarhandError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("cellarhand."):
            yield Raised(kind, kind.code)


def at_one_place() -> Iterator[Raised]:
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        kind = getattr(import_module(name), node.func.id)
                        if issubclass(kind, CellarhandError):
                            yield Raised(kind, keyword.value.value)


def raised() -> list[Raised]:
    found = list(at_one_place())
    return [*found, *by_themselves()]


def test_every_code_that_the_product_uses_is_explained_and_the_other_way_round():
    assert {one.code for one in raised()} == set(CODES)


def test_no_code_is_explained_twice():
    assert len(CODES) == len(set(CODES))


def test_a_code_has_one_status_and_one_who_acts_wherever_it_is_used():
    used = {(one.code, int(status_of(one.kind("x"))), one.kind.actor.value) for one in at_one_place()}
    own = {(kind.code, int(status), kind.actor.value) for kind, status in _own_statuses()}
    explained = {(one.code, one.status, one.who_acts) for one in PROBLEM_CODES}
    assert used | own == explained


def _own_statuses() -> Iterator[tuple[type[CellarhandError], int]]:
    for kind, _ in by_themselves():
        yield kind, status_of(kind.__new__(kind))


def test_the_type_of_a_problem_leads_to_its_section():
    answer = call(app.lambda_handler, "$default", role=None)
    page = call(app.lambda_handler, "GET /v1/docs/problems", role=None)
    address, _, section = answer.body["type"].partition("#")
    assert address == EXPLAINED_AT.removesuffix("#") == "/v1/docs/problems"
    assert f'id="{section}"' in page.text


@pytest.mark.parametrize("one", PROBLEM_CODES, ids=CODES)
def test_the_page_says_what_has_happened_and_what_to_do(one: tuple[str, int, str, str, str]):
    page = unescape(problems_page()).replace("<code>", "`").replace("</code>", "`")
    assert all(text in page for text in (one[0], str(one[1]), one[3], one[4]))
