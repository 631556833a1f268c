"""What can't be finished however long one waits ends its run all the same, and is told."""

from datetime import timedelta

import pytest

from cellarhand.domain.order_sync.sync_run import MAX_WAITING, SyncRun
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerProgress, CustomerState
from tests.fakes.crm import Step
from tests.unit.order_sync.given import LINKED, NOW, reservation
from tests.unit.order_sync.runner import Winery, winery_with

ON_THE_WAY = CustomerProgress(state=CustomerState.PENDING)
HOUR = timedelta(hours=1)
REFUSED_BY_THE_HOUR = ON_THE_WAY.model_copy(update={"next_action_at": NOW + HOUR})


def test_a_run_waits_two_days_for_a_guest_and_then_ends():
    winery = Winery()
    winery.keep(reservation("r-1"), reservation("late", customer=ON_THE_WAY))
    run = winery.start()
    winery.drain_until_over(run, rounds=600)
    told = winery.told(run)
    assert (told.state, told.counts) == ("partly_done", {"synced": 1, "pending": 1})
    assert timedelta(days=2) < winery.clock.now() - run.started_at < timedelta(days=3)
    linked = winery.record("late").model_copy(update={"customer": LINKED})
    winery.ledger.save(linked)
    assert winery.sync().counts == {"synced": 1}


@pytest.mark.parametrize(
    ("due_in", "looks_after"),
    [
        pytest.param(HOUR, [3630, 30, 120, 300, 300], id="its next attempt is due in an hour"),
        pytest.param(timedelta(seconds=-90), [30, 30, 120, 300, 300], id="it is overdue"),
    ],
)
def test_a_guest_is_looked_at_again_soon_after_its_own_next_attempt(
    due_in: timedelta, looks_after: list[int]
):
    winery = Winery()
    due = ON_THE_WAY.model_copy(update={"next_action_at": winery.clock.now() + due_in})
    winery.keep(reservation("late", customer=due))
    run = winery.start()
    winery.drain()
    assert [rested(winery, run) for _ in looks_after] == looks_after
    winery.ledger.save(winery.record("late").model_copy(update={"customer": LINKED}))
    winery.drain_until_over(run)
    assert winery.told(run).counts == {"synced": 1}


def test_a_guest_is_looked_at_in_time_however_often_the_crm_gave_no_answer_before():
    winery = Winery()
    winery.keep(reservation("late", customer=ON_THE_WAY))
    winery.crm.script("list_skus", *[Step.UNAVAILABLE] * 5)
    run = winery.start()
    winery.drain()
    rests = [rested(winery, run) for _ in range(5)]
    assert rests == [10, 30, 120, 600, 3600]
    assert rested(winery, run) == 300


def test_two_days_without_progress_begin_with_the_first_look_that_brought_nothing():
    winery = Winery()
    winery.keep(reservation("late", customer=ON_THE_WAY), reservation("later", customer=REFUSED_BY_THE_HOUR))
    run = winery.start()
    winery.drain()
    assert winery.run(run).stalled_since == NOW
    winery.ledger.save(winery.record("late").model_copy(update={"customer": LINKED}))
    rested(winery, run)
    assert winery.run(run).stalled_since is None
    later = rested(winery, run)
    assert winery.run(run).stalled_since == NOW + timedelta(seconds=later + 30)


def rested(winery: Winery, run: SyncRun) -> float:
    """How long the run rests (seconds), until it is drained once more."""
    due = winery.run(run).due
    assert due is not None
    seconds = (due - winery.clock.now()).total_seconds()
    winery.clock.advance(seconds=seconds)
    winery.drain()
    return seconds


def test_an_order_that_can_never_be_looked_up_is_told_as_unknown():
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    winery.crm.always("find_orders", Step.UNAVAILABLE)
    run = winery.start()
    winery.drain_until_over(run, rounds=100)
    assert winery.told(run).state == "failed"
    assert winery.told(run).counts == {"unknown": 1}
    winery.crm.always("find_orders", Step.NORMAL)
    assert winery.sync().counts == {"synced": 1}
    assert len(winery.orders) == 1


def test_a_crm_that_stays_away_fails_the_run():
    winery = winery_with()
    winery.crm.always("list_skus", Step.UNAVAILABLE)
    run = winery.start()
    winery.drain_until_over(run, rounds=100)
    assert (winery.run(run).state, winery.run(run).reason) == ("failed", "crm_unavailable")
    assert winery.order_of().state is OrderState.PENDING


def test_the_walk_stands_still_while_too_many_guests_are_waited_for():
    winery = Winery()
    count = MAX_WAITING + 100
    winery.keep_many(count, customer=ON_THE_WAY)
    run = winery.start()
    winery.drain()
    assert len(winery.run(run).waiting) == MAX_WAITING
    assert winery.run(run).due == min(winery.run(run).waiting.values())
    for record in (winery.record(f"r-{n:03d}") for n in range(1, count + 1)):
        winery.ledger.save(record.model_copy(update={"customer": LINKED}))
    winery.drain_until_over(run)
    assert winery.told(run).counts == {"synced": count}


def test_guests_who_never_reach_the_crm_keep_nobody_else_waiting():
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    pending = winery.keep_many(MAX_WAITING + 100, customer=REFUSED_BY_THE_HOUR)
    winery.keep(reservation("z-linked", snapshot={"starts_at": "2026-06-05T12:00"}))
    run = winery.start()
    winery.drain_until_over(run)
    told = winery.told(run)
    assert (told.state, told.counts) == ("partly_done", {"synced": 2, "pending": len(pending)})
    assert told.reasons == {"customer_pending": len(pending)}
    assert winery.clock.now() - run.started_at < 2 * HOUR
    for id_ in pending:
        winery.ledger.save(winery.record(id_).model_copy(update={"customer": LINKED}))
    assert winery.sync().counts == {"synced": len(pending)}
