"""A winery whose every write is counted."""

from collections.abc import Iterator

import pytest

from benchmarks.order_syncs.measured import MeteredWorld
from benchmarks.order_syncs.winery import Winery
from cellarhand.bootstrap.outside import run_in


@pytest.fixture
def winery() -> Iterator[Winery]:
    """Taken on, with nothing written since."""
    winery = Winery(MeteredWorld())
    winery.take_on()
    winery.world.spent.writes.clear()
    yield winery
    run_in(None)
