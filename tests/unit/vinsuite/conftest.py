"""The scripted peer that stands for VinSuite in these tests."""

from collections.abc import Iterator

import pytest

from tests.unit.vinsuite.loopback import Loopback, running_loopback


@pytest.fixture
def peer() -> Iterator[Loopback]:
    """A peer that answers as it is told."""
    with running_loopback() as loopback:
        yield loopback
