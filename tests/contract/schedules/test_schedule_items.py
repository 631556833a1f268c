"""What holds for every `ScheduleItems`: in memory, and in DynamoDB (moto)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.schedule_items import DynamoDbScheduleItems
from cellarhand.domain.order_sync.schedule import ScheduleState, ScheduleStatus
from cellarhand.ports.schedules import ScheduleItems
from tests.fakes.aws import aws_in_process, make_table
from tests.fakes.schedules import FakeScheduleItems

ITEM = {"enabled": True, "daily_at": "06:30", "weekdays": ["MON", "TUE"], "days_after_visit": 2}
STATUS = ScheduleStatus(
    state=ScheduleState.ACTIVE,
    message="Active.",
    expression="cron(30 6 ? * MON,TUE *)",
    timezone="UTC",
    next_run=datetime(2026, 6, 8, 6, 30, tzinfo=UTC),
    checked_at=datetime(2026, 6, 6, 12, 0, tzinfo=UTC),
)


@pytest.fixture(params=["memory", "dynamodb"])
def items(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScheduleItems]:
    if request.param == "memory":
        yield FakeScheduleItems()
        return
    with aws_in_process(monkeypatch):
        yield DynamoDbScheduleItems(make_table("settings"))


def test_there_is_nothing_before_it_is_written(items: ScheduleItems):
    assert items.read("oak-hill") is None
    assert items.read_status("oak-hill") is None


def test_an_item_is_read_as_it_was_written(items: ScheduleItems):
    items.write("oak-hill", {**ITEM, "timezone": None})
    assert items.read("oak-hill") == ITEM
    assert items.read("river-bend") is None


def test_writing_an_item_replaces_all_of_it(items: ScheduleItems):
    items.write("oak-hill", ITEM)
    items.write("oak-hill", {"enabled": False})
    assert items.read("oak-hill") == {"enabled": False}


def test_a_status_stands_beside_its_item_until_it_is_taken_away(items: ScheduleItems):
    items.write("oak-hill", ITEM)
    items.write_status("oak-hill", STATUS)
    assert items.read_status("oak-hill") == STATUS
    items.write_status("oak-hill", None)
    assert items.read_status("oak-hill") is None
    assert items.read("oak-hill") == ITEM


def test_taking_away_a_status_that_is_not_there_is_fine(items: ScheduleItems):
    items.write_status("oak-hill", None)
    assert items.read_status("oak-hill") is None


def test_an_item_put_by_hand_is_read_whatever_types_it_uses(monkeypatch: pytest.MonkeyPatch):
    by_hand = {
        "pk": {"S": "T#oak-hill"},
        "sk": {"S": "SCHEDULE#order_sync"},
        "enabled": {"BOOL": True},
        "weekdays": {"SS": ["MON"]},
        "days_after_visit": {"N": "1.0"},
        "timezone": {"NULL": True},
        "odd": {"M": {}},
        "half": {"N": "0.5"},
    }
    with aws_in_process(monkeypatch):
        table = make_table("settings")
        aws.dynamodb().put_item(TableName=table, Item=by_hand)  # type: ignore[arg-type]
        read = DynamoDbScheduleItems(table).read("oak-hill")
    assert read == {
        "enabled": True,
        "weekdays": ["MON"],
        "days_after_visit": 1,
        "timezone": None,
        "odd": "{'M': {}}",
        "half": "0.5",
    }
