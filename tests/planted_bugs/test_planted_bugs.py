"""Tests must first prove that they can see a bug: each one planted is caught by the test that is named."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.planted_bugs.planting import FOUND, Bug, bugs, catcher

CAUGHT_BY: dict[str, str] = json.loads(FOUND.read_text())
BUGS = bugs()

type Looking = dict[str, Future[str]]


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    """All bugs at once, as many side by side as there are cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        places = {bug.name: tmp_path_factory.mktemp("bug") for bug in BUGS}
        yield {bug.name: pool.submit(_caught, bug, places[bug.name]) for bug in BUGS}


def _caught(bug: Bug, into: Path) -> str:
    return catcher(bug, into, [CAUGHT_BY[bug.name]])


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_named_test_catches(bug: Bug, looking: Looking):
    assert looking[bug.name].result() == CAUGHT_BY[bug.name]


def test_there_are_enough_of_them_and_none_is_told_twice():
    assert len({(bug.file, bug.line, bug.planted) for bug in BUGS}) == len(BUGS) >= 25
    assert CAUGHT_BY.keys() == {bug.name for bug in BUGS}
