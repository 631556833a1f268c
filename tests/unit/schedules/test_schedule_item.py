"""What people write into a schedule item, and what is made of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cellarhand.domain.order_sync.schedule import (
    ScheduleItem,
    ScheduleMistakeError,
    ScheduleState,
    ScheduleStatus,
)

NOON = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)
DAILY = {"enabled": True, "daily_at": "06:30"}


@pytest.mark.parametrize(
    ("item", "expression"),
    [
        (DAILY, "cron(30 6 * * ? *)"),
        ({**DAILY, "weekdays": ["TUE", "MON"]}, "cron(30 6 ? * MON,TUE *)"),
        ({**DAILY, "weekdays": {"SUN"}}, "cron(30 6 ? * SUN *)"),
        ({"enabled": True, "expression": "cron(0 6 * * ? *)"}, "cron(0 6 * * ? *)"),
        ({"enabled": True, "expression": "rate(12 hours)", "written_by": "support"}, "rate(12 hours)"),
    ],
)
def test_an_item_says_when_in_the_clocks_language(item: dict[str, Any], expression: str):
    assert ScheduleItem.read(item).plan.clock_expression == expression


def test_visits_are_synced_the_day_after_unless_the_item_says_otherwise():
    assert ScheduleItem.read(DAILY).plan.days_after_visit == 1
    assert ScheduleItem.read({**DAILY, "days_after_visit": 3}).plan.days_after_visit == 3


def test_turning_a_schedule_off_needs_no_time():
    assert not ScheduleItem.read({"enabled": False}).plan.enabled


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ({}, "enabled: Field required"),
        ({"enabled": True}, "exactly one of expression and daily_at"),
        ({**DAILY, "expression": "rate(1 day)"}, "exactly one of expression and daily_at"),
        ({"enabled": "perhaps", "daily_at": "06:30"}, "enabled: "),
        ({"enabled": True, "daily_at": "6:30"}, "daily_at: "),
        ({"enabled": True, "daily_at": "24:00"}, "daily_at: "),
        ({**DAILY, "weekdays": ["MONDAY"]}, "weekdays"),
        ({**DAILY, "weekdays": []}, "weekdays"),
        ({"enabled": True, "expression": "rate(1 day)", "weekdays": ["MON"]}, "weekdays goes with daily_at"),
        ({"enabled": True, "expression": "rate(0 days)"}, "a rate looks like"),
        ({"enabled": True, "expression": "at(2026-06-06T12:00:00)"}, r"cron\(...\) or rate\(...\)"),
        ({"enabled": True, "expression": "cron(0 25 * * ? *)"}, "hours"),
        ({**DAILY, "timezone": "California"}, "timezone: not a time zone"),
        ({**DAILY, "days_after_visit": -1}, "days_after_visit"),
        ({**DAILY, "days_after_visit": "soon"}, "days_after_visit"),
        ({**DAILY, "time_zone": "UTC"}, "time_zone: "),
        ({**DAILY, "enabled": None}, "enabled: "),
    ],
)
def test_every_mistake_becomes_a_text_that_names_the_field(item: dict[str, Any], complaint: str):
    with pytest.raises(ScheduleMistakeError, match=complaint):
        ScheduleItem.read(item)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ScheduleMistakeError, match=r"daily_at: .*; timezone: "):
        ScheduleItem.read({"enabled": True, "daily_at": "noon", "timezone": "Mars"})


def test_an_item_survives_being_written_and_read():
    item = ScheduleItem.read({**DAILY, "weekdays": ["MON"], "timezone": "UTC", "written_by": "someone"})
    assert ScheduleItem.read(item.attributes()) == item


def test_an_active_status_tells_the_next_run_in_the_winerys_time():
    plan = ScheduleItem.read(DAILY).plan
    status = ScheduleStatus.active(plan, "America/Los_Angeles", NOON)
    assert status.state is ScheduleState.ACTIVE
    assert status.message == "Active, next run 2026-06-06 06:30 (America/Los_Angeles)."
    assert status.next_run == datetime(2026, 6, 6, 13, 30, tzinfo=UTC)


def test_the_next_run_of_a_rate_is_left_to_the_clock():
    plan = ScheduleItem.read({"enabled": True, "expression": "rate(1 day)"}).plan
    status = ScheduleStatus.active(plan, "UTC", NOON)
    assert status.next_run is None
    assert status.message == "Active (UTC)."
