"""A run beside another one, and a run whose CRM goes away: behind the breaker, as deployed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cellarhand.bootstrap import order_sync
from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import SyncRun
from tests.fakes.crm import Step
from tests.fakes.time import CountingTokens
from tests.unit.order_sync.given import TENANT
from tests.unit.order_sync.runner import TimeLeft, Winery


class Jittering(CountingTokens):
    """Always the same chance."""

    def jitter(self) -> float:
        return 0.5


@pytest.fixture
def winery() -> Iterator[Winery]:
    made = Winery()
    made.outside.tokens = Jittering()
    made.outside.logins.write(TENANT, "valley", "secret")
    run_in(made.outside)
    yield made
    run_in(None)


def drain() -> None:
    order_sync.process_runs()(TENANT, TimeLeft())


def drain_for(winery: Winery, run: SyncRun, span: timedelta) -> list[float]:
    """As the sweeper and hints would; answers how long the run rested each time (seconds)."""
    ends, rests = winery.clock.now() + span, list[float]()
    while (due := winery.run(run).due) is not None and due < ends:
        winery.clock.advance(seconds=max(0.0, (due - winery.clock.now()).total_seconds()))
        drain()
        next_due = winery.run(run).due
        if next_due is not None:
            rests.append((next_due - winery.clock.now()).total_seconds())
    return rests


def test_while_the_crm_is_away_it_is_asked_once_a_step_and_everything_waits_in_the_ledger(winery: Winery):
    winery.keep_many(60)
    run = winery.start()
    winery.crm.always("*", Step.UNAVAILABLE)
    rests = drain_for(winery, run, timedelta(hours=4))
    assert rests[:4] == [11.25, 33.75, 135, 675]
    assert set(rests[4:]) == {4050}
    assert len(winery.crm.calls) <= len(rests)
    assert not winery.run(run).is_over
    winery.crm.always("*", Step.NORMAL)
    drain_for(winery, run, timedelta(hours=2))
    assert winery.told(run).counts == {"synced": 60}


def test_a_crm_that_goes_away_in_the_middle_loses_no_place_in_the_queue(winery: Winery):
    winery.keep_many(60)
    run = winery.start()
    winery.crm.script("create_order", *[Step.NORMAL] * 20, *[Step.UNAVAILABLE] * 3)
    drain_for(winery, run, timedelta(hours=2))
    booked = [call.arguments["order"].order_number for call in winery.crm.calls_of("create_order")]
    in_the_book = [order.order_number for order in winery.orders]
    assert winery.told(run).counts == {"synced": 60}
    assert in_the_book[:20] == booked[:20]
    assert len(booked) == 63


def test_two_runs_over_the_same_reservations_are_drained_one_after_the_other(winery: Winery):
    winery.keep_many(60)
    first = winery.start()
    winery.clock.advance(seconds=1)
    second = winery.start(Selection(reservation_ids=("r-001", "r-060")))
    drain()
    assert winery.told(first).counts == {"synced": 60}
    assert winery.told(second).counts == {"already_synced": 2}
    assert len(winery.orders) == 60


def test_progress_can_be_seen_while_a_run_is_under_way(winery: Winery):
    winery.keep_many(100)
    run = winery.start()
    seen: list[int] = []
    winery.crm._before_call = lambda _: seen.append(sum(winery.told(run).counts.values()))
    drain()
    assert sorted(set(seen)) == [0, 30, 60, 90]
