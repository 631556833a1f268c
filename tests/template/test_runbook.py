"""Whoever is called at night finds a page for each alarm, and what it tells them to type exists."""

import re
from pathlib import Path

import pytest

from tests.template.stack import stack, template

RUNBOOK = Path("docs/runbook.md").read_text()
_PAGE = re.compile(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
PAGES: dict[str, str] = dict(_PAGE.findall(RUNBOOK))


def test_every_alarm_has_one_page_and_every_page_is_an_alarms():
    alarms = [n for n, r in template()["Resources"].items() if r["Type"] == "AWS::CloudWatch::Alarm"]
    assert sorted(name for name, _ in _PAGE.findall(RUNBOOK)) == sorted(alarms)


@pytest.mark.parametrize("alarm", sorted(PAGES))
def test_a_page_says_what_it_means_where_to_look_what_to_do_and_when_it_is_over(alarm: str):
    told = re.findall(r"^- \*\*([^*]+):\*\* ", PAGES[alarm], re.MULTILINE)
    assert told == ["Means", "First look", "Do", "Over when"]


def test_logs_are_those_of_functions_that_exist():
    assert set(re.findall(r"`log (\w+) '", RUNBOOK)) <= set(stack("prod").functions)


def test_targets_are_those_of_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", RUNBOOK)) <= targets


def test_routes_are_those_of_the_api():
    routes = {
        f"{method.upper()} {path}"
        for path, operations in stack("prod").api["paths"].items()
        for method in operations
    }
    named = re.findall(r"\b(GET|POST|PUT|DELETE) '?(/v1/[a-z/{}_-]*)", RUNBOOK)
    asked = {f"{method} {path.replace('{id}', '{reservation_id}')}" for method, path in named}
    assert asked <= routes


def test_messages_that_are_looked_for_are_written_somewhere():
    code = "\n".join(
        file.read_text()
        for root in ("functions", "layers/shared/cellarhand")
        for file in Path(root).rglob("*.py")
    )
    for message in re.findall(r"\$\.message = \"([^\"]+)\"", RUNBOOK):
        assert f'"{message}"' in code, message
