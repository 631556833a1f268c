"""The function behind the settings table's stream."""

import json
from pathlib import Path
from typing import Any

from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.ports.schedules import WantedSchedule
from functions.sync_schedule import app
from tests.fakes.outside import FakeOutside
from tests.fakes.schedules import FakeSchedules
from tests.unit.schedules.conftest import TENANT

EVENT: dict[str, Any] = json.loads(Path("events/sync_schedule.json").read_text())
DAILY = {"enabled": True, "daily_at": "06:30"}


class Context:
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


class SilentClock(FakeSchedules):
    """Answers nothing when it is to forget a schedule."""

    def remove(self, tenant_id: str) -> None:
        raise StorageUnavailableError("The store does not answer.")


def test_a_written_and_a_deleted_item_both_reach_the_clock(world: FakeOutside):
    world.schedule_items.items[TENANT] = DAILY
    world.schedules.wanted["river-bend"] = WantedSchedule("river-bend", "rate(1 day)", "UTC")
    assert app.lambda_handler(EVENT, Context()) == {"batchItemFailures": []}
    assert list(world.schedules.wanted) == [TENANT]


def test_a_bad_item_is_told_in_its_status_and_not_tried_again(world: FakeOutside):
    world.schedule_items.items[TENANT] = {"enabled": True, "expression": "cron(nonsense)"}
    assert app.lambda_handler(EVENT, Context()) == {"batchItemFailures": []}
    assert "cron(...) takes six fields" in world.schedule_items.statuses[TENANT].message


def test_the_stream_goes_on_from_the_change_that_failed(world: FakeOutside):
    world.schedules = SilentClock()
    world.schedule_items.items[TENANT] = DAILY
    answer = app.lambda_handler(EVENT, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "111000000000000000000002"}]}
