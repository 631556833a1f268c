"""The two measured delays are the ones that the simulator was switched to."""

import pytest

from operations.uat_probe.findings import Delays
from operations.uat_probe.session import OutOfTimeError
from operations.uat_probe.steps.delays import late_execution, read_lag
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY
from tests.integration.uat_probe.conftest import FEW, Probe

MAX_HANG_UP = 1.0
"""Seconds for which nobody looks while the next order is being cut."""
SLACK = 0.9
"""Seconds that a busy machine may add to any delay."""


@pytest.mark.parametrize("lag", [0, 0.6])
def test_how_late_reads_are(probe: Probe, lag: float):
    found = read_lag(probe(read_lag_seconds=lag))
    assert (len(found.seconds), found.not_seen) == (FEW.reads, 0)
    assert all(lag <= each <= lag + SLACK for each in found.seconds)


def test_an_order_that_is_never_shown_is_counted(probe: Probe, simulator: RemoteSimulator):
    session = probe(limits=FEW._replace(reads=1, read_bound=0.2))
    simulator.set_faults(behaviours={"read_lag_seconds": 60})
    assert read_lag(session) == Delays(seconds=(), not_seen=1)


@pytest.mark.parametrize("late", [0.4, 1.0])
def test_how_late_an_order_is_executed_after_we_hung_up(
    probe: Probe, simulator: RemoteSimulator, late: float
):
    session = probe()
    simulator.set_faults({"kind": "late_execution", "operations": ["AddOrder"], "late_seconds": late})
    found = late_execution(session)
    assert (len(found.seconds), found.not_seen) == (FEW.cuts, 0)
    assert late <= (found.longest or 0) <= late + MAX_HANG_UP + SLACK


def test_an_order_that_is_never_executed_is_counted_and_not_waited_for_beyond_the_bound(
    probe: Probe, simulator: RemoteSimulator
):
    session = probe(limits=FEW._replace(cuts=2, late_bound=0.5))
    simulator.set_faults({"kind": "timeout_before_commit", "operations": ["AddOrder"]})
    assert late_execution(session) == Delays(seconds=(), not_seen=2)


def test_a_send_that_is_turned_away_is_waited_for_and_spoils_no_sample(
    probe: Probe, simulator: RemoteSimulator
):
    session = probe()
    simulator.set_faults(
        {
            "kind": "artificial_cap",
            "max_per_second": 0,
            "operations": ["AddOrder"],
            "every_nth": 3,
            "status": 429,
            "retry_after_seconds": 1,
        }
    )
    found = read_lag(session)
    assert (len(found.seconds), found.not_seen) == (FEW.reads, 0)
    assert simulator.fired()["artificial_cap"] >= 1


def test_a_list_that_is_cut_hides_no_order(probe: Probe, simulator: RemoteSimulator):
    session = probe(limits=FEW._replace(cuts=4))
    simulator.set_faults({"kind": "artificial_cap", "max_results": 2, "operations": ["GetOrders"]})
    assert late_execution(session).not_seen == 0


def test_a_run_that_is_out_of_time_is_gone_on_with(probe: Probe, simulator: RemoteSimulator):
    with pytest.raises(OutOfTimeError):
        late_execution(probe(limits=FEW._replace(minutes=0.02, spacing=0.4)))
    sent = len(simulator.book(WINERY).orders)
    found = late_execution(probe())
    assert len(found.seconds) == FEW.cuts
    assert 1 < sent < 1 + FEW.cuts == len(simulator.book(WINERY).orders)
