"""The clock follows the schedule item, and the status item says what came of it."""

from typing import Any

import pytest

from cellarhand.bootstrap import schedules
from cellarhand.domain.order_sync.schedule import SchedulePlan, ScheduleState, ScheduleStatus
from cellarhand.ports.schedules import WantedSchedule
from tests.fakes.outside import FakeOutside
from tests.fakes.schedules import FakeSchedules
from tests.unit.schedules.conftest import TENANT

DAILY = {"enabled": True, "daily_at": "06:30", "written_by": "support"}
WANTED = WantedSchedule(TENANT, "cron(30 6 * * ? *)", "America/Los_Angeles")


def applied(world: FakeOutside, item: dict[str, Any], tenant_id: str = TENANT) -> ScheduleStatus:
    world.schedule_items.items[tenant_id] = item
    status = schedules.apply_schedule()(tenant_id)
    assert status is not None
    assert world.schedule_items.statuses[tenant_id] == status
    return status


def test_an_enabled_item_sets_the_clock_in_the_tenants_time_zone(world: FakeOutside):
    assert applied(world, DAILY).state is ScheduleState.ACTIVE
    assert world.schedules.wanted == {TENANT: WANTED}


def test_the_items_own_time_zone_wins(world: FakeOutside):
    applied(world, {**DAILY, "timezone": "Europe/Vienna"})
    assert world.schedules.wanted[TENANT].timezone == "Europe/Vienna"


def test_the_same_item_again_leaves_the_clock_alone(world: FakeOutside):
    applied(world, DAILY)
    applied(world, DAILY)
    assert world.schedules.puts == 1


def test_a_changed_item_replaces_the_schedule(world: FakeOutside):
    applied(world, DAILY)
    applied(world, {**DAILY, "daily_at": "07:00"})
    assert world.schedules.wanted[TENANT].expression == "cron(0 7 * * ? *)"


def test_turning_it_off_stops_the_clock(world: FakeOutside):
    applied(world, DAILY)
    assert applied(world, {**DAILY, "enabled": False}).state is ScheduleState.OFF
    assert world.schedules.wanted == {}


def test_deleting_the_item_removes_the_schedule_and_its_status(world: FakeOutside):
    applied(world, DAILY)
    del world.schedule_items.items[TENANT]
    assert schedules.apply_schedule()(TENANT) is None
    assert world.schedules.wanted == {}
    assert world.schedule_items.statuses == {}


def test_a_mistake_stops_the_old_schedule_and_says_why(world: FakeOutside):
    applied(world, DAILY)
    status = applied(world, {**DAILY, "timezone": "Mars/Olympus"})
    assert status.state is ScheduleState.INVALID
    assert "timezone: not a time zone" in status.message
    assert world.schedules.wanted == {}


@pytest.mark.parametrize("expression", ["cron(0 6 31 2 ? *)", "cron(0 6 * * ? 2025)"])
def test_a_time_that_never_comes_is_not_told_as_active(world: FakeOutside, expression: str):
    status = applied(world, {"enabled": True, "expression": expression})
    assert (status.state, status.message) == (
        ScheduleState.INVALID,
        "Invalid: its time never comes.",
    )
    assert world.schedules.wanted == {}


def test_what_the_clock_itself_refuses_is_said_in_its_own_words(world: FakeOutside):
    world.schedules.refusal = "Invalid Schedule Expression."
    status = applied(world, DAILY)
    assert (status.state, status.message) == (ScheduleState.INVALID, "Invalid: Invalid Schedule Expression.")


def test_an_item_of_nobody_is_invalid(world: FakeOutside):
    status = applied(world, DAILY, "no-such-winery")
    assert (status.state, status.message) == (
        ScheduleState.INVALID,
        "Invalid: there is no tenant no-such-winery.",
    )
    assert world.schedules.wanted == {}


def test_a_schedule_whose_status_was_never_written_is_removed_too(world: FakeOutside):
    world.schedules.put(WANTED)
    assert schedules.apply_schedule()(TENANT) is None
    assert world.schedules.wanted == {}


def test_staff_pause_and_resume_without_losing_the_plan(world: FakeOutside):
    applied(world, DAILY)
    assert schedules.pause_schedule()(TENANT).paused
    assert applied(world, DAILY).state is ScheduleState.PAUSED
    assert world.schedules.wanted == {}
    assert not schedules.resume_schedule()(TENANT).paused
    assert applied(world, DAILY).state is ScheduleState.ACTIVE
    assert world.schedules.wanted == {TENANT: WANTED}


def test_pausing_twice_writes_once(world: FakeOutside):
    before = len(world.settings.writes)
    schedules.pause_schedule()(TENANT)
    schedules.pause_schedule()(TENANT)
    assert len(world.settings.writes) == before + 1


def test_the_api_writes_the_item_that_a_hand_would_write(world: FakeOutside):
    plan = SchedulePlan(enabled=True, daily_at="06:30", weekdays=("MON",))
    view = schedules.put_schedule()(TENANT, plan, "key-1")
    assert world.schedule_items.items[TENANT] == {
        "enabled": True,
        "daily_at": "06:30",
        "weekdays": ["MON"],
        "days_after_visit": 1,
        "written_by": "key-1",
    }
    assert (view.schedule, view.written_by, view.status) == (plan, "key-1", None)


def test_a_schedule_is_shown_with_what_came_of_it(world: FakeOutside):
    status = applied(world, DAILY)
    view = schedules.get_schedule()(TENANT)
    assert view.schedule == SchedulePlan(enabled=True, daily_at="06:30")
    assert (view.written_by, view.status) == ("support", status)


@pytest.mark.parametrize("item", [None, {"enabled": "perhaps"}])
def test_no_item_and_an_unreadable_one_are_shown_as_no_schedule(
    world: FakeOutside, item: dict[str, Any] | None
):
    if item:
        world.schedule_items.items[TENANT] = item
    assert schedules.get_schedule()(TENANT).schedule is None


def test_the_next_run_that_is_shown_is_always_ahead(world: FakeOutside):
    applied(world, DAILY)
    world.clock.advance(days=3)
    status = schedules.get_schedule()(TENANT).status
    assert status is not None
    assert status.next_run is not None
    assert 0 < (status.next_run - world.clock.now()).total_seconds() < 86_400
    assert "next run 2026-06-09 06:30" in status.message


def test_a_plan_that_the_clock_has_not_taken_up_yet_is_not_told_as_active(world: FakeOutside):
    before = applied(world, DAILY)
    world.schedule_items.items[TENANT] = {**DAILY, "daily_at": "09:00"}
    assert schedules.get_schedule()(TENANT).status == before


class SlowSchedules(FakeSchedules):
    """While the clock is told to remove a schedule, staff resume it, and another invocation sees to that."""

    def remove(self, tenant_id: str) -> None:
        if schedules.get_schedule()(tenant_id).paused:
            schedules.resume_schedule()(tenant_id)
            schedules.apply_schedule()(tenant_id)
        super().remove(tenant_id)


def test_whoever_is_slow_to_stop_the_clock_does_not_undo_a_newer_wish(world: FakeOutside):
    world.schedules = SlowSchedules()
    applied(world, DAILY)
    schedules.pause_schedule()(TENANT)
    assert applied(world, DAILY).state is ScheduleState.ACTIVE
    assert world.schedules.wanted == {TENANT: WANTED}
