"""The sweeper finds due work of every tenant and leaves hints, within bounds."""

import json
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path

import pytest

from cellarhand.bootstrap import schedules
from cellarhand.domain.records import Key, Record, due_shard
from cellarhand.use_cases.schedules import sweep_due_work
from cellarhand.use_cases.schedules.sweep_due_work import MAX_HINTS, UnknownWorkError
from functions.sweeper import app
from tests.fakes.outside import FakeOutside
from tests.fakes.signals import Hint


class Work(Record):
    """Anything that waits in the ledger."""

    tenant_id: str
    sort: str
    due: datetime

    @property
    def key(self) -> Key:
        return Key(f"T#{self.tenant_id}", self.sort)

    @property
    def due_at(self) -> datetime:
        return self.due


class TimeLeft:
    """Seconds left, one answer per question."""

    def __init__(self, *answers: float) -> None:
        self._answers = list(answers)

    def seconds_left(self) -> float:
        return self._answers.pop(0) if self._answers else 50.0


def waiting(world: FakeOutside, tenant_id: str, sort: str, *, overdue: float) -> None:
    due = world.clock.now() - timedelta(seconds=overdue)
    world.ledger.save(Work(tenant_id=tenant_id, sort=sort, due=due))


def test_due_reservations_and_runs_get_their_hints_longest_waiting_first(world: FakeOutside):
    waiting(world, "oak-hill", "RES#r1", overdue=10)
    waiting(world, "river-bend", "RUN#2026", overdue=30)
    waiting(world, "river-bend", "RES#r2", overdue=20)
    waiting(world, "river-bend", "RES#later", overdue=-1)
    assert schedules.sweep_due_work()(TimeLeft()).is_complete
    assert world.hints.left == [
        Hint("order-sync", "river-bend", (), 0),
        Hint("customer-upsert-retry", "river-bend", ("r2",), 0),
        Hint("customer-upsert-retry", "oak-hill", ("r1",), 0),
    ]


def test_many_runs_of_one_tenant_need_one_hint(world: FakeOutside):
    for number in range(3):
        waiting(world, "oak-hill", f"RUN#{number}", overdue=number)
    assert schedules.sweep_due_work()(TimeLeft()).hints == 1


def test_a_backlog_of_one_tenant_is_named_in_a_few_hints_longest_waiting_first(world: FakeOutside):
    for number in range(250):
        waiting(world, "oak-hill", f"RES#r{number}", overdue=number)
    assert schedules.sweep_due_work()(TimeLeft()).hints == 3
    named = [name for hint in world.hints.left for name in hint.reservation_ids]
    assert named == [f"r{number}" for number in reversed(range(250))]


def test_the_oldest_wait_is_measured_per_queue_and_zero_where_nothing_waits(world: FakeOutside):
    waiting(world, "oak-hill", "RES#r1", overdue=10)
    waiting(world, "river-bend", "RES#r2", overdue=90)
    schedules.sweep_due_work()(TimeLeft())
    assert world.metrics.total("OldestPendingSeconds", queue="customer-upsert-retry") == 90
    assert world.metrics.total("OldestPendingSeconds", queue="order-sync") == 0
    assert {dimensions["queue"] for _, _, dimensions in world.metrics.counted} == {
        "customer-upsert-retry",
        "order-sync",
    }


def test_a_sweep_stops_before_its_time_is_up(world: FakeOutside):
    for number in range(3):
        waiting(world, f"hill-{number}", "RES#r", overdue=number)
    sweep = schedules.sweep_due_work()(TimeLeft(50, 50, 1))
    assert (sweep.hints, sweep.is_complete) == (2, False)


def test_a_shard_with_more_than_it_may_hold_is_told_as_incomplete(
    world: FakeOutside, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sweep_due_work, "MAX_PER_SHARD", 1)
    for number in range(40):
        waiting(world, "oak-hill", f"RES#r{number}", overdue=number)
    sweep = schedules.sweep_due_work()(TimeLeft())
    assert 0 < len(world.hints.left[0].reservation_ids) <= 16
    assert not sweep.is_complete


def test_work_that_no_queue_takes_fails_the_sweep_and_holds_nobody_up(world: FakeOutside):
    waiting(world, "oak-hill", "ODD#1", overdue=100)
    waiting(world, "oak-hill", "RES#r1", overdue=10)
    with pytest.raises(UnknownWorkError, match="ODD"):
        schedules.sweep_due_work()(TimeLeft())
    assert [hint.reservation_id for hint in world.hints.left] == ["r1"]


def test_the_function_sweeps_when_the_clock_calls(world: FakeOutside):
    class Context:
        aws_request_id = "request-1"

        def get_remaining_time_in_millis(self) -> int:
            return 50_000

    waiting(world, "oak-hill", "RES#r1", overdue=10)
    app.lambda_handler(json.loads(Path("events/sweeper.json").read_text()), Context())
    assert len(world.hints.left) == 1


def test_a_flood_at_one_winery_hides_nobody_elses_work(world: FakeOutside):
    run = Key("T#river-bend", "RUN#2026")
    of_the_same_shard = (
        name for n in count() if due_shard(Key("T#oak-hill", name := f"RES#r{n}")) == due_shard(run)
    )
    for name in islice(of_the_same_shard, 1100):
        waiting(world, "oak-hill", name, overdue=100)
    waiting(world, "river-bend", "RUN#2026", overdue=10)
    sweep = schedules.sweep_due_work()(TimeLeft())
    assert Hint("order-sync", "river-bend", (), 0) in world.hints.left
    assert (sweep.hints, sweep.is_complete) == (MAX_HINTS + 1, False)
