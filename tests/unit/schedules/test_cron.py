"""Cron expressions by EventBridge Scheduler's rules."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.domain.order_sync.cron import Cron, CronError

CALIFORNIA = ZoneInfo("America/Los_Angeles")
SATURDAY_NOON = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)  # 05:00 in California


@pytest.mark.parametrize(
    ("expression", "next_run"),
    [
        ("cron(30 6 * * ? *)", "2026-06-06T13:30"),
        ("cron(0 5 * * ? *)", "2026-06-07T12:00"),
        ("cron(0 4 ? * MON *)", "2026-06-08T11:00"),
        ("cron(0 4 ? * 2 *)", "2026-06-08T11:00"),
        ("cron(0 4 ? * mon-fri *)", "2026-06-08T11:00"),
        ("cron(0 4 ? * SUN,WED *)", "2026-06-07T11:00"),
        ("cron(0/15 * * * ? *)", "2026-06-06T12:15"),
        ("cron(*/20 5-6 * * ? *)", "2026-06-06T12:20"),
        ("cron(0 12 1 JAN ? *)", "2027-01-01T20:00"),
        ("cron(0 0 29 2 ? *)", "2028-02-29T08:00"),
        ("cron(0 9 1 1 ? 2030-2031)", "2030-01-01T17:00"),
    ],
)
def test_the_next_run_is_told_in_utc(expression: str, next_run: str):
    told = Cron.parse(expression).next_after(SATURDAY_NOON, CALIFORNIA)
    assert told == datetime.fromisoformat(next_run).replace(tzinfo=UTC)


def test_a_time_that_summer_time_leaves_out_does_not_run_that_day():
    before = datetime(2026, 3, 8, 0, 0, tzinfo=CALIFORNIA)
    told = Cron.parse("cron(30 2 * * ? *)").next_after(before, CALIFORNIA)
    assert told == datetime(2026, 3, 9, 2, 30, tzinfo=CALIFORNIA)


def test_a_run_keeps_its_local_time_when_the_clocks_change():
    cron = Cron.parse("cron(30 6 * * ? *)")
    october = cron.next_after(datetime(2026, 10, 31, 12, 0, tzinfo=UTC), CALIFORNIA)
    november = cron.next_after(datetime(2026, 11, 1, 12, 0, tzinfo=UTC), CALIFORNIA)
    assert october is not None
    assert november is not None
    assert (october.hour, november.hour) == (13, 14)


@pytest.mark.parametrize(
    "expression",
    ["cron(0 6 L * ? *)", "cron(0 6 15W * ? *)", "cron(0 6 ? * 6L *)", "cron(0 6 ? * FRI#2 *)"],
)
def test_the_last_and_the_nearest_days_are_taken_and_left_to_the_clock(expression: str):
    assert Cron.parse(expression).next_after(SATURDAY_NOON, CALIFORNIA) is None


def test_a_year_that_is_over_never_runs_again():
    assert Cron.parse("cron(0 6 1 1 ? 2020)").next_after(SATURDAY_NOON, CALIFORNIA) is None


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("cron(0 6 * * *)", "six fields"),
        ("0 6 * * ? *", "six fields"),
        ("cron(0 6 * * * *)", 'must be "?"'),
        ("cron(0 6 ? * ? *)", 'must be "?"'),
        ("cron(60 6 * * ? *)", 'minutes: "60"'),
        ("cron(0 24 * * ? *)", 'hours: "24"'),
        ("cron(0 6 0 * ? *)", 'day of the month: "0"'),
        ("cron(0 6 ? * FUN *)", 'day of the week: "FUN"'),
        ("cron(0 6 * 13 ? *)", 'month: "13"'),
        ("cron(0 6 * * ? 1969)", 'year: "1969"'),
        ("cron(0 18-6 * * ? *)", "ends before it begins"),
        ("cron(0/0 6 * * ? *)", "step"),
        ("cron(-5 6 * * ? *)", "minutes"),
    ],
)
def test_a_mistake_is_named_by_its_field(expression: str, complaint: str):
    with pytest.raises(CronError, match=complaint.replace("?", r"\?")):
        Cron.parse(expression)


@given(st.text("0123456789*/?-,LW#MONJAN ", max_size=40))
def test_whatever_is_written_is_understood_or_refused(inside: str):
    try:
        cron = Cron.parse(f"cron({inside})")
    except CronError:
        return
    told = cron.next_after(SATURDAY_NOON, CALIFORNIA)
    assert told is None or told > SATURDAY_NOON
