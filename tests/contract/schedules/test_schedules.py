"""What holds for every `Schedules`: in memory, and in EventBridge Scheduler (moto)."""

import json
from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from cellarhand.adapters import aws
from cellarhand.adapters.scheduler import EventBridgeSchedules
from cellarhand.domain.errors import InvalidRequestError, StorageUnavailableError
from cellarhand.ports.schedules import Schedules, WantedSchedule
from tests.fakes.aws import aws_in_process
from tests.fakes.schedules import FakeSchedules

ARN = "arn:aws:{}:us-west-2:123456789012:{}"
WANTED = WantedSchedule("oak-hill", "cron(30 6 * * ? *)", "America/Los_Angeles")


def event_bridge(window_minutes: int = 5) -> EventBridgeSchedules:
    return EventBridgeSchedules(
        "cellarhand",
        ARN.format("lambda", "function:order_sync"),
        "arn:aws:iam::123456789012:role/clock",
        ARN.format("sqs", "clock-dead-letters"),
        window_minutes=window_minutes,
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with aws_in_process(monkeypatch):
        aws.scheduler().create_schedule_group(Name="cellarhand")
        yield


@pytest.fixture(params=["memory", "scheduler"])
def schedules(request: pytest.FixtureRequest) -> Schedules:
    if request.param == "memory":
        return FakeSchedules()
    request.getfixturevalue("clock")
    return event_bridge()


def test_a_tenant_without_schedule_has_none(schedules: Schedules):
    assert schedules.get("oak-hill") is None


def test_what_was_put_is_what_the_clock_has(schedules: Schedules):
    schedules.put(WANTED)
    assert schedules.get("oak-hill") == WANTED
    assert schedules.get("river-bend") is None


def test_putting_again_replaces(schedules: Schedules):
    later = WANTED._replace(expression="rate(1 day)", timezone="UTC")
    schedules.put(WANTED)
    schedules.put(later)
    assert schedules.get("oak-hill") == later


def test_removing_twice_is_fine(schedules: Schedules):
    schedules.put(WANTED)
    schedules.remove("oak-hill")
    schedules.remove("oak-hill")
    assert schedules.get("oak-hill") is None


@pytest.mark.usefixtures("clock")
def test_a_schedule_calls_order_sync_with_its_tenant_and_the_time_that_was_due():
    event_bridge().put(WANTED)
    made = aws.scheduler().get_schedule(GroupName="cellarhand", Name="order_sync-oak-hill")
    assert made["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}
    assert made["Target"]["Arn"] == ARN.format("lambda", "function:order_sync")
    assert made["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600}
    assert made["Target"]["DeadLetterConfig"] == {"Arn": ARN.format("sqs", "clock-dead-letters")}
    assert json.loads(made["Target"]["Input"]) == {
        "job": "order_sync",
        "tenant_id": "oak-hill",
        "scheduled_time": "<aws.scheduler.scheduled-time>",
    }


@pytest.mark.usefixtures("clock")
def test_without_a_window_a_schedule_starts_on_its_minute():
    event_bridge(window_minutes=0).put(WANTED)
    made = aws.scheduler().get_schedule(GroupName="cellarhand", Name="order_sync-oak-hill")
    assert made["FlexibleTimeWindow"] == {"Mode": "OFF"}


@pytest.mark.usefixtures("clock")
def test_a_refusal_is_told_in_the_clocks_own_words():
    with Stubber(aws.scheduler()) as answers:
        answers.add_client_error("create_schedule", "ValidationException", "Invalid Schedule Expression.")
        with pytest.raises(InvalidRequestError, match=r"Invalid Schedule Expression\."):
            event_bridge().put(WANTED)


@pytest.mark.parametrize("method", ["create_schedule", "delete_schedule", "get_schedule"])
@pytest.mark.usefixtures("clock")
def test_throttling_passes_and_is_tried_again(method: str):
    call = {
        "create_schedule": lambda: event_bridge().put(WANTED),
        "delete_schedule": lambda: event_bridge().remove("oak-hill"),
        "get_schedule": lambda: event_bridge().get("oak-hill"),
    }[method]
    with Stubber(aws.scheduler()) as answers:
        answers.add_client_error(method, "ThrottlingException", http_status_code=429)
        with pytest.raises(StorageUnavailableError):
            call()
