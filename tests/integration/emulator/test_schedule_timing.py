"""When schedules are due, over the days on which clocks change. Asked of the emulator's own interpreter."""

import json
import subprocess

import pytest

from sandbox.machine.places import ROOT, program

pytestmark = pytest.mark.emulator

ASK = """
import json, sys
from datetime import datetime
from sandbox.aws.schedule_timing import next_due

instant = lambda text: datetime.fromisoformat(text) if text else None
for expression, zone, since, fired in json.load(sys.stdin):
    due = next_due(expression, zone, instant(since), instant(fired))
    print(due.strftime("%Y-%m-%dT%H:%M:%SZ") if due else "never")
"""

CASES = {
    "daily, the zone's wall clock": (
        ["cron(0 4 * * ? *)", "Asia/Tokyo", "2026-01-01T00:00:00+00:00", None],
        "2026-01-01T19:00:00Z",
    ),
    "daily, in winter": (
        ["cron(30 9 * * ? *)", "America/New_York", "2026-01-15T00:00:00+00:00", None],
        "2026-01-15T14:30:00Z",
    ),
    "daily, in summer": (
        ["cron(30 9 * * ? *)", "America/New_York", "2026-07-15T00:00:00+00:00", None],
        "2026-07-15T13:30:00Z",
    ),
    "an hour that does not exist is skipped": (
        ["cron(30 2 * * ? *)", "America/New_York", "2026-03-08T05:00:00+00:00", None],
        "2026-03-09T06:30:00Z",
    ),
    "an hour that comes twice fires once": (
        ["cron(30 1 * * ? *)", "America/New_York", "2026-01-01T00:00:00+00:00", "2026-11-01T05:30:00+00:00"],
        "2026-11-02T06:30:00Z",
    ),
    "what was missed is due once": (
        ["cron(0 4 * * ? *)", "UTC", "2026-01-01T00:00:00+00:00", "2026-01-02T04:00:00+00:00"],
        "2026-01-03T04:00:00Z",
    ),
    "chosen weekdays": (
        ["cron(0 4 ? * MON,THU *)", "UTC", "2026-11-20T05:00:00+00:00", None],
        "2026-11-23T04:00:00Z",
    ),
    "a rate starts at once": (
        ["rate(2 hours)", "Asia/Tokyo", "2026-01-01T00:00:00+00:00", None],
        "2026-01-01T00:00:00Z",
    ),
    "and goes on from its last start": (
        ["rate(2 hours)", "Asia/Tokyo", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:05+00:00"],
        "2026-01-01T02:00:05Z",
    ),
    "once, in the zone": (
        ["at(2026-06-01T08:00:00)", "Europe/Vienna", "2026-01-01T00:00:00+00:00", None],
        "2026-06-01T06:00:00Z",
    ),
    "once and never again": (
        [
            "at(2026-06-01T08:00:00)",
            "Europe/Vienna",
            "2026-01-01T00:00:00+00:00",
            "2026-06-01T06:00:00+00:00",
        ],
        "never",
    ),
}


def run_in_emulator(source: str, given: str = "") -> list[str]:
    answered = subprocess.run(  # noqa: S603 - the sources below
        [program("emulator", "python"), "-c", source],
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return answered.stdout.splitlines()


@pytest.fixture(scope="module")
def due() -> dict[str, str]:
    questions = [question for question, _ in CASES.values()]
    return dict(zip(CASES, run_in_emulator(ASK, json.dumps(questions)), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_a_schedule_is_due(due: dict[str, str], case: str):
    assert due[case] == CASES[case][1]


def test_a_flexible_window_spreads_the_starts_over_its_minutes():
    source = """
from sandbox.aws.scheduler import _jitter
for minutes in (5, None):
    print(*[_jitter({"FlexibleTimeWindow": {"MaximumWindowInMinutes": minutes}}) for _ in range(200)])
"""
    flexible, fixed = ([float(value) for value in line.split()] for line in run_in_emulator(source))
    assert all(0 <= value < 300 for value in flexible)
    assert max(flexible) - min(flexible) > 60
    assert set(fixed) == {0.0}
