"""Runners that overlap, outlive their lease or die at any write: one order each, and none lost."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.order_sync.run_results import SyncRunResults
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.ports.records import Records
from tests.fakes.crm import InMemoryCrm, Step
from tests.unit.order_sync.crashes import Killed, MortalLedger
from tests.unit.order_sync.given import SKUS
from tests.unit.order_sync.runner import Winery, winery_with


def test_an_order_whose_sender_died_is_shown_as_unknown():
    winery = winery_with()
    winery.start()
    intent = 4
    with suppress(Killed):
        winery.drain(ledger=MortalLedger(winery.ledger, intent, written=True))
    assert winery.order_of().state is OrderState.SENDING
    winery.clock.advance(seconds=winery.outside.timers.lease.total_seconds())
    winery.drain()
    assert winery.order_of().state is OrderState.UNKNOWN


def test_a_second_runner_finds_the_lease_taken():
    winery = winery_with()
    inner: list[int] = []

    def another_runner(method: str) -> None:
        if method == "create_order" and not inner:
            inner.append(1)
            winery.drain()

    winery.crm._before_call = another_runner
    winery.sync()
    assert (len(winery.orders), inner) == (1, [1])
    assert len(winery.crm.calls_of("list_skus")) == 1


def test_a_runner_whose_lease_ran_out_is_not_sent_after():
    winery = winery_with(number=None)
    life = winery.outside.timers.lease.total_seconds()
    inner: list[OrderState] = []

    def outlived(method: str) -> None:
        if method == "create_order" and not inner:
            winery.clock.advance(seconds=life + 1)
            inner.append(winery.order_of().state)
            winery.drain()

    winery.crm._before_call = outlived
    run = winery.start()
    winery.drain()
    winery.drain_until_over(run)
    assert inner == [OrderState.SENDING]
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)


def test_a_fenced_out_runner_writes_nothing_over_its_successor():
    winery = winery_with(Step.NORMAL, Step.NOT_DONE)
    inner: list[OrderState] = []

    def outlived_all_bounds(method: str) -> None:
        if method == "create_order" and not inner:
            inner.append(winery.order_of().state)
            winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
            winery.drain()
            inner.append(winery.order_of().state)

    winery.crm._before_call = outlived_all_bounds
    run = winery.start()
    winery.drain()
    assert inner == [OrderState.SENDING, OrderState.SYNCED]
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)
    assert winery.told(run).counts == {"synced": 1}


def test_a_snapshot_that_arrives_during_the_call_loses_no_outcome():
    winery = winery_with()
    newer: list[Snapshot] = []

    def checked_in(method: str) -> None:
        if method == "create_order":
            record = winery.record()
            newer.append(record.snapshot.model_copy(update={"sequence": 2}))
            winery.ledger.save(record.model_copy(update={"snapshot": newer[0]}))

    winery.crm._before_call = checked_in
    winery.sync()
    assert winery.order_of().state is OrderState.SYNCED
    assert winery.record().snapshot == newer[0]


def writes_of_one_run() -> int:
    winery = winery_with(number=None)
    winery.start()
    counting = MortalLedger(winery.ledger, at=-1, written=False)
    winery.drain(ledger=counting)
    return counting.writes


@pytest.mark.parametrize("written", [False, True], ids=["just before", "just after"])
@pytest.mark.parametrize("at", range(1, writes_of_one_run() + 1))
def test_a_process_may_die_at_any_write(at: int, written: bool):
    winery = winery_with(number=None)
    run = winery.start()
    with suppress(Killed):
        winery.drain(ledger=MortalLedger(winery.ledger, at, written=written))
    winery.clock.advance(seconds=winery.outside.timers.lease.total_seconds())
    if not winery.run(run).is_over:
        winery.drain_until_over(run)
    told = winery.told(run)
    assert len(winery.orders) == 1
    assert (told.state, told.counts, told.money) == ("done", {"synced": 1}, 8000)


STEPS = st.sampled_from(
    [
        Step.NORMAL,
        Step.NORMAL,
        Step.NOT_DONE,
        Step.UNKNOWN_EXECUTED,
        Step.UNKNOWN_NOT_EXECUTED,
        Step.LATE,
        Step.REFUSED,
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(STEPS, max_size=12),
    deaths=st.lists(st.tuples(st.integers(1, 25), st.booleans()), max_size=4),
)
def test_no_mixture_of_faults_and_deaths_doubles_or_loses_an_order(
    steps: list[Step], deaths: list[tuple[int, bool]]
):
    winery = Winery()
    ids = winery.keep_many(4)
    winery.crm.script("create_order", *steps)
    run = winery.start()
    for at, written in deaths:
        with suppress(Killed):
            winery.drain(ledger=MortalLedger(winery.ledger, at, written=written))
        winery.clock.advance(seconds=120)
        winery.crm.release()
    for _ in range(30):
        winery.drain()
        winery.clock.advance(seconds=300)
        winery.crm.release()
    told = winery.told(run)
    by_state = {id_: winery.order_of(id_).state for id_ in ids}
    synced = {id_ for id_, state in by_state.items() if state is OrderState.SYNCED}
    assert set(told.results) == set(ids)
    assert len(set(winery.numbers)) == len(winery.orders) == len(synced)
    assert set(by_state.values()) <= {OrderState.SYNCED, OrderState.REJECTED, OrderState.REVIEW}
    assert told.counts.get("synced", 0) == len(synced)
    assert told.money == 8000 * len(synced)


class FailingAtCheckpoint:
    """Fills `Records`; can't keep results. Tells when it failed."""

    def __init__(self, ledger: Records, failed: Event) -> None:
        self._ledger = ledger
        self._failed = failed

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        if any(isinstance(record, SyncRunResults) for record in records):
            self._failed.set()
            raise StorageUnavailableError("The store does not answer.")
        self._ledger.save_all(records, removed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def test_a_runner_that_fails_still_waits_for_every_call_it_started():
    failed = Event()
    ended: list[str] = []

    def slow_first_call(method: str) -> None:
        if method == "create_order" and not ended:
            ended.append("begun")
            assert failed.wait(timeout=10)
            ended.append("ended")

    winery = Winery(threads=True, crm=InMemoryCrm(skus=SKUS, before_call=slow_first_call))
    winery.keep_many(60)
    winery.start()
    before = set(threading.enumerate())
    with pytest.raises(StorageUnavailableError):
        winery.drain(ledger=FailingAtCheckpoint(winery.ledger, failed))
    assert ended == ["begun", "ended"]
    assert set(threading.enumerate()) <= before
