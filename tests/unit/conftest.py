"""Every test of the edge runs the handlers as they are, in a world of fakes."""

from collections.abc import Iterator
from io import StringIO

import pytest

from cellarhand import observability
from cellarhand.bootstrap.outside import run_in
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on


@pytest.fixture
def outside() -> Iterator[FakeOutside]:
    world = FakeOutside()
    take_on(world.settings)
    take_on(world.settings, "birch-hill")
    run_in(world)
    yield world
    run_in(None)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged during the test, as it would reach CloudWatch."""
    written = StringIO()
    handler = observability.logger.registered_handler
    before = handler.setStream(written)
    yield written
    handler.setStream(before)
