"""Every test of this folder runs against each CRM there is. Another CRM: another world here."""

from collections.abc import Iterator

import pytest

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.testing import running_simulator
from tests.contract.crm_gateway.in_memory_world import InMemoryWorld
from tests.contract.crm_gateway.vinsuite_world import ODD_DIALECT, VinSuiteWorld
from tests.contract.crm_gateway.world import World


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteSimulator]:
    with running_simulator(tmp_path_factory.mktemp("vinsuite")) as running:
        yield running


@pytest.fixture(params=["in_memory", "vinsuite", "vinsuite_in_an_odd_dialect"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "in_memory":
        return InMemoryWorld()
    simulator = request.getfixturevalue("simulator")
    if request.param == "vinsuite":
        return VinSuiteWorld(simulator)
    return VinSuiteWorld(simulator, dialect=ODD_DIALECT)
