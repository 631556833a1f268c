"""A simulator as good as new for each test, and a probe that asks it a few times instead of hundreds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cellarhand.adapters.crm.vinsuite.wire.envelope import Credentials
from operations.uat_probe.findings import FirstOrder
from operations.uat_probe.journal import opened
from operations.uat_probe.limits import Limits, Site
from operations.uat_probe.session import Session
from operations.uat_probe.steps.order_steps import first_order
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import PARTNER_KEY, PASSWORD, USERNAME, WINERY, default_wineries
from sandbox.vinsuite.testing import running_simulator

FEW = Limits(
    reads=4,
    cuts=6,
    burst=8,
    in_flight=4,
    members=6,
    wrong_logins=0,
    minutes=2,
    read_bound=3,
    late_bound=2,
    poll=0.05,
    spacing=0,
    call_timeout=10,
)

Probe = Callable[..., Session]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteSimulator]:
    with running_simulator(tmp_path_factory.mktemp("vinsuite")) as simulator:
        yield simulator


@pytest.fixture
def simulator(served: RemoteSimulator) -> RemoteSimulator:
    served.clear_faults()
    served.seed(WINERY, default_wineries()[WINERY])
    return served


@pytest.fixture
def probe(simulator: RemoteSimulator, tmp_path: Path) -> Probe:
    """Begin a probe of the simulator as it is switched now; its first step is done unless told otherwise."""

    def begin(*rules: dict[str, Any], begun: bool = True, limits: Limits = FEW, **behaviours: Any) -> Session:
        simulator.set_faults(*rules, behaviours=behaviours)
        site = Site("sandbox", simulator.soap_url, Credentials(str(PARTNER_KEY), USERNAME, PASSWORD))
        notebook = opened(tmp_path / "found.json", site.environment, site.address, USERNAME)
        session = Session(site, limits, notebook, lambda _: None)
        if begun and session.journal.findings.first_order is None:
            session.journal.findings.first_order = first_order(session)
            notebook.save()
        return session

    return begin


SHOWN = FirstOrder(finds_orders=True, number_kept=True, prefix="apart", clock_minutes=-480)
"""What is found of a simulator without switches."""
