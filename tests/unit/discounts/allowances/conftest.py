"""Every test that wires a winery leaves the process as it was."""

from collections.abc import Iterator

import pytest

from cellarhand import bootstrap


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    yield
    bootstrap.run_in(None)
