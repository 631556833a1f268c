"""Every test has its own winery; the next one starts in no world at all."""

from collections.abc import Iterator

import pytest

from cellarhand.bootstrap.outside import run_in
from tests.unit.discounts.simulation.winery import Winery


@pytest.fixture
def winery() -> Iterator[Winery]:
    yield Winery()
    run_in(None)
