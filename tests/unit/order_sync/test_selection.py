"""Which reservations a run meets: each once, and none that only somebody else can bring back."""

import pytest

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.reservations.order_progress import OrderState
from tests.fakes.crm import Step
from tests.unit.order_sync.given import TENANT, reservation, snapshot
from tests.unit.order_sync.runner import STAFF, Winery

PLAN = {"enabled": True, "daily_at": "05:00"}


def with_schedule() -> Winery:
    winery = Winery()
    winery.outside.schedule_items.items[TENANT] = PLAN
    return winery


def test_what_a_run_finds_called_off_is_told_once():
    winery = Winery()
    winery.crm.script("create_order", Step.UNKNOWN_NOT_EXECUTED, Step.LOGIN_REFUSED)
    winery.keep(reservation("r-000"), reservation("r-999"))
    assert winery.sync().state == "failed"
    called_off = snapshot(state="cancelled", sequence=2)
    winery.ledger.save(winery.record("r-000").model_copy(update={"snapshot": called_off}))
    winery.keep_many(60)
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    told = winery.sync()
    assert sum(told.counts.values()) == len(told.results) == 62


@pytest.mark.parametrize("change", ["excluded", "no-show"])
def test_a_scheduled_run_does_not_meet_again_what_waits_for_nothing_but_a_change(change: str):
    winery = with_schedule()
    no_show = {"snapshot": {"state": "no_show", "discounts": [{"amount": 8000, "name": "Comp", "by": "Sam"}]}}
    winery.keep(reservation(**(no_show if change == "no-show" else {})))
    if change == "excluded":
        winery.decisions().exclude(STAFF, TENANT, "r-1")
    first = winery.start_scheduled()
    winery.drain()
    winery.clock.advance(seconds=86_400)
    second = winery.start_scheduled()
    winery.drain()
    assert first is not None
    assert second is not None
    assert winery.told(second).results == {}


def test_a_reservation_included_again_is_met_by_the_next_scheduled_run():
    winery = with_schedule()
    winery.keep(reservation())
    winery.decisions().exclude(STAFF, TENANT, "r-1")
    winery.decisions().include(STAFF, TENANT, "r-1")
    winery.start_scheduled()
    winery.drain()
    assert len(winery.orders) == 1


def test_a_visit_moved_while_a_scheduled_run_waits_is_too_early_for_that_run_alone():
    winery = with_schedule()
    winery.crm.script("create_order", Step.NOT_DONE)
    winery.keep(reservation())
    run = winery.start_scheduled()
    assert run is not None
    winery.drain()
    moved = snapshot(starts_at="2026-06-20T11:00", sequence=2)
    winery.ledger.save(winery.record().model_copy(update={"snapshot": moved}))
    winery.drain_until_over(run)
    assert winery.told(run).results == {"r-1": ("not_eligible", "too_early")}
    assert winery.order_of().state is OrderState.PENDING


def test_the_preview_tells_of_a_name_that_is_nobody_s():
    preview = Winery().preview(Selection(reservation_ids=("nobody",)))
    assert [(s.reservation_id, s.reason, s.balance) for s in preview.skipped] == [("nobody", "not_found", 0)]


def test_yesterday_is_the_winery_s_and_not_the_world_s():
    winery = with_schedule()
    winery.keep(reservation(), reservation("this evening", snapshot={"starts_at": "2026-06-06T18:00"}))
    winery.clock.advance(seconds=14 * 3600)
    run = winery.start_scheduled()
    assert run is not None
    winery.drain()
    assert set(winery.told(run).results) == {"r-1"}


def test_what_missed_runs_left_is_caught_up():
    winery = with_schedule()
    winery.keep(reservation(snapshot={"starts_at": "2025-12-30T11:00"}))
    winery.start_scheduled()
    winery.drain()
    assert len(winery.orders) == 1
