"""One simulator for all tests of this folder, as good as new for each."""

from collections.abc import Iterator

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY, default_wineries
from sandbox.vinsuite.testing import running_simulator
from tests.integration.vinsuite_simulator.caller import Caller


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteSimulator]:
    with running_simulator(tmp_path_factory.mktemp("vinsuite")) as simulator:
        yield simulator


@pytest.fixture
def simulator(served: RemoteSimulator) -> RemoteSimulator:
    served.clear_faults()
    served.forget_calls()
    served.seed(WINERY, default_wineries()[WINERY])
    return served


@pytest.fixture
def call(simulator: RemoteSimulator) -> Caller:
    return Caller(simulator.soap_url)
