"""How `make test` shares the tests out among processes (pytest-xdist); without `-n` it changes nothing."""

import os

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/e2e/", "tests/integration/lost_replies/", "tests/integration/")
"""One process has all tests of a folder, so that its stack or emulator starts once. First match."""

ONE_BY_ONE = ("tests/simulation/test_singles.py", "tests/simulation/send_protocol/")
"""Their tests take seconds each and share nothing, so that each may go to another process."""

FIRST = (*TOGETHER, "tests/simulation/", "tests/planted_bugs/", "tests/contract/", "tests/packaging/")
"""What takes long begins first; many short tests come last and fill what is left."""


def unit_of(test: str) -> str:
    """What is given to a process at once: a folder, one test, or, as a rule, a file."""
    if test.startswith(ONE_BY_ONE):
        return test
    folder = next((folder for folder in TOGETHER if test.startswith(folder)), None)
    return folder or test.partition("::")[0]


class InUnits(LoadScopeScheduling):
    """Gives each process its next unit when it is almost through with the last."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one for each core, and one for the tests that mostly wait."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InUnits:
    config.option.loadscopereorder = False  # by the number of tests, which says nothing of their length
    return InUnits(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Beside other processes an example may take longer than Hypothesis allows it alone."""
    if hasattr(config, "workerinput"):
        settings.register_profile("beside-others", deadline=None)
        settings.load_profile("beside-others")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a process of many, begin with what takes long."""
    if hasattr(config, "workerinput"):
        items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((place for place, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST))
