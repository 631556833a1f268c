"""A CRM that is away or lets nobody in, and a runner that is short of time."""

from datetime import timedelta

import pytest

from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.order_sync.batch import Batch
from tests.fakes.crm import InMemoryCrm, Step
from tests.unit.order_sync.given import SKUS, TENANT
from tests.unit.order_sync.runner import TimeLeft, Winery, winery_with


def test_a_refused_login_fails_the_run_and_leaves_the_rest_for_the_next():
    winery = Winery()
    ids = winery.keep_many(60)
    winery.crm.script("create_order", *[Step.NORMAL] * 10, Step.LOGIN_REFUSED)
    run = winery.start()
    winery.drain()
    assert (winery.run(run).state, winery.run(run).reason) == ("failed", "crm_login_refused")
    assert len(winery.orders) == winery.told(run).counts["synced"]
    assert len(winery.crm.calls_of("create_order")) < 15
    winery.clock.advance(seconds=60)
    assert winery.sync().state == "done"
    assert len(winery.orders) == 60
    assert winery.states(ids) == {OrderState.SYNCED}


def test_a_crm_that_is_away_is_left_in_peace_and_the_run_goes_on_later():
    winery = Winery()
    winery.keep_many(40)
    winery.crm.always("create_order", Step.UNAVAILABLE)
    run = winery.start()
    winery.drain()
    assert len(winery.crm.calls_of("create_order")) <= 8
    assert winery.run(run).due == winery.clock.now() + timedelta(seconds=10)
    winery.crm.always("create_order", Step.NORMAL)
    winery.drain_until_over(run)
    assert len(winery.orders) == 40


def test_pauses_grow_while_the_crm_stays_away():
    winery = winery_with()
    winery.crm.always("list_skus", Step.UNAVAILABLE)
    run = winery.start()
    pauses = []
    for _ in range(6):
        winery.drain()
        due = winery.run(run).due
        assert due is not None
        pauses.append((due - winery.clock.now()).total_seconds())
        winery.clock.advance(seconds=pauses[-1])
    assert pauses == [10, 30, 120, 600, 3600, 3600]
    assert winery.run(run).state == "queued"


def test_a_runner_hands_over_before_its_deadline():
    deadline = TimeLeft(60)
    crm = InMemoryCrm(skus=SKUS, before_call=lambda _: setattr(deadline, "seconds", deadline.seconds - 1))
    winery = Winery(crm=crm)
    winery.keep_many(100)
    run = winery.start()
    winery.drain(deadline)
    sent = len(winery.orders)
    assert 0 < sent < 100
    assert deadline.seconds >= winery.outside.timers.crm_write
    assert winery.outside.hints.left[-1].delay == 0
    assert winery.told(run).counts == {"synced": sent}
    while not winery.run(run).is_over:
        deadline.seconds = 60
        winery.drain(deadline)
    assert len(winery.orders) == 100
    assert winery.told(run).counts == {"synced": 100}


def test_nothing_is_sent_with_less_time_left_than_the_call_may_take():
    winery = winery_with()
    send = winery.sender()
    deadline = TimeLeft(winery.outside.timers.crm_write + 1)
    batch = Batch(
        run=winery.start(),
        winery=WineryContext(winery.outside.settings, TENANT),
        crm=winery.crm,
        skus=SKUS,
        fence=1,
        deadline=deadline,
        calls=winery.calls(deadline),
    )
    before = winery.record()
    with pytest.raises(OutOfTimeError):
        send(batch, before)
    assert winery.crm.calls == []
    assert winery.record() == before


def test_a_hint_that_comes_too_early_leaves_no_other():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED)
    winery.start()
    winery.drain()
    left = len(winery.outside.hints.left)
    assert winery.outside.hints.left[-1].delay == winery.outside.timers.settle.total_seconds()
    winery.drain()
    assert len(winery.outside.hints.left) == left


def test_orders_that_settle_shortly_after_each_other_are_looked_up_together():
    winery = Winery()
    winery.keep_many(4)
    winery.crm.script("create_order", *[Step.UNKNOWN_EXECUTED, Step.NORMAL] * 2)
    winery.crm._before_call = lambda _: winery.clock.advance(seconds=10)
    run = winery.start()
    winery.drain()
    first, last = sorted(winery.run(run).waiting.values())
    assert (last - first).total_seconds() == 20
    assert winery.run(run).due == last
    winery.clock.advance(seconds=(last - winery.clock.now()).total_seconds())
    winery.drain()
    assert winery.told(run).counts == {"synced": 4}
    assert len(winery.crm.calls_of("list_skus")) == 2


def test_an_order_turned_away_once_is_sent_again_without_asking_for_the_skus_anew():
    winery = Winery()
    winery.keep_many(3)
    winery.crm.script("create_order", Step.NOT_DONE)
    run = winery.start()
    winery.drain()
    assert winery.told(run).counts == {"synced": 3}
    assert len(winery.crm.calls_of("list_skus")) == 1
