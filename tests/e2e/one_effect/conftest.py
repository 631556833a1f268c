"""The stage that all tests of this folder look at."""

from collections.abc import Iterator

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.winery.stack import LocalStack
from tests.e2e.one_effect.stage import Stage, playing


@pytest.fixture(scope="package")
def stage(local_stack: LocalStack) -> Iterator[Stage]:
    with RemoteSimulator(local_stack.vinsuite_url) as simulator:
        with playing(local_stack, simulator) as stage:
            yield stage
        simulator.clear_faults()
