"""Every test that wires a winery leaves the process as it was."""

from collections.abc import Iterator

import pytest

from cellarhand.bootstrap.outside import run_in


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    yield
    run_in(None)
