"""Contract of the gap `scheduler`: schedules run in their own zone, survive a restart and lose no event."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.machine.aws_session import ACCOUNT_ID, REGION
from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.ports import free_port
from tests.integration.aws import client, eventually
from tests.integration.emulator.schedules import NOBODY, TOKYO, at, names, schedule
from tests.integration.emulator.toys import Queue, make_function, unique

pytestmark = pytest.mark.emulator


def test_a_one_time_schedule_fires_in_its_own_zone_once(emulator: Emulator):
    queue = Queue(emulator)
    schedule(emulator, at(TOKYO, timedelta(seconds=1)), TOKYO, queue.arn, Input="now")
    schedule(emulator, at("UTC", timedelta(seconds=3)), "UTC", queue.arn, Input="later")
    eventually(lambda: "later" in queue.bodies())
    assert queue.bodies() == ["now", "later"]


def test_a_cron_schedule_fires_at_the_wall_clock_of_its_zone():
    port = free_port()
    emulator = start_emulator(None, port, settings={"SCHEDULER_CLOCK": "2026-03-09T18:59:58+00:00"})
    try:
        queue = Queue(emulator)
        text = '{"at": "<aws.scheduler.scheduled-time>", "try": "<aws.scheduler.attempt-number>"}'
        schedule(emulator, "cron(0 4 * * ? *)", TOKYO, queue.arn, Input=text)
        eventually(queue.messages)
        assert json.loads(queue.bodies()[0]) == {"at": "2026-03-09T19:00:00Z", "try": "1"}
    finally:
        stop_emulator(port)


def test_a_completed_schedule_is_deleted_when_it_asks_for_it(emulator: Emulator):
    queue = Queue(emulator)
    name = schedule(
        emulator, at("UTC", timedelta(0)), "UTC", queue.arn, Input="once", ActionAfterCompletion="DELETE"
    )
    eventually(queue.messages)
    eventually(lambda: name not in names(emulator))


def test_an_event_for_a_missing_function_ends_in_the_dead_letter_queue(emulator: Emulator):
    letters = Queue(emulator)
    schedule(
        emulator,
        at("UTC", timedelta(0)),
        "UTC",
        NOBODY,
        Input='{"tenant": "a"}',
        RetryPolicy={"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 60},
        DeadLetterConfig={"Arn": letters.arn},
    )
    letter = eventually(letters.messages)[0]
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert letter["Body"] == '{"tenant": "a"}'
    assert attributes["ERROR_CODE"] == "ResourceNotFoundException"
    assert attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert attributes["RETRY_ATTEMPTS"] == "1"
    assert attributes["TARGET_ARN"] == NOBODY


def test_a_target_that_comes_back_gets_the_event_it_missed(emulator: Emulator):
    name = unique("late")
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"
    made = schedule(emulator, at("UTC", timedelta(0)), "UTC", arn, Input="try <aws.scheduler.attempt-number>")
    scheduler = client("scheduler", emulator)
    eventually(lambda: tried(scheduler.get_schedule(Name=made)))
    queue = Queue(emulator, name)
    eventually(queue.messages)
    assert [body for body in queue.bodies() if body > "try 1"]


def tried(answer: dict[str, Any]) -> bool:
    """Long enough after its time that the first attempt has been made."""
    due = datetime.fromisoformat(answer["ScheduleExpression"][3:-1]).replace(tzinfo=UTC)
    return datetime.now(UTC) > due + timedelta(seconds=3)


def test_a_function_that_fails_is_retried_by_lambda_and_not_by_the_schedule(emulator: Emulator):
    seen, letters = Queue(emulator), Queue(emulator)
    source = """
import os, boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=event["id"])
    raise ValueError("no")
"""
    schedule(
        emulator,
        at("UTC", timedelta(0)),
        "UTC",
        make_function(emulator, source, SEEN=seen.url),
        Input='{"id": "<aws.scheduler.execution-id>"}',
        DeadLetterConfig={"Arn": letters.arn},
    )
    eventually(lambda: len(seen.bodies()) == 3)
    assert len(set(seen.bodies())) == 1
    assert letters.messages() == []


Start = Callable[[str], Emulator]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start, or start again, an emulator that keeps its data in a folder of its own."""
    port = free_port()
    yield lambda gaps: start_emulator(
        tmp_path / "state", port, without=gaps, settings={"AUTOSAVE_SECONDS": "0.2"}
    )
    stop_emulator(port)


def test_a_one_time_schedule_does_not_fire_again_after_a_crash(start: Start, tmp_path: Path):
    emulator = start("")
    queue = Queue(emulator)
    schedule(emulator, at("UTC", timedelta(0)), "UTC", queue.arn, Input="first")
    eventually(lambda: queue.bodies() == ["first"])
    eventually(lambda: '"_Executions": []' in (tmp_path / "state" / "scheduler.json").read_text())
    os.kill(emulator.pid, signal.SIGKILL)
    emulator = start("")
    schedule(emulator, at("UTC", timedelta(seconds=2)), "UTC", queue.arn, Input="second")
    eventually(lambda: "second" in queue.bodies())
    assert queue.bodies() == ["first", "second"]


def test_stock_runs_in_utc_and_fills_in_nothing_and_drops_events(stock: Emulator):
    queue, letters = Queue(stock), Queue(stock)
    an_hour_ahead = at("America/Los_Angeles", timedelta(hours=1))
    schedule(stock, an_hour_ahead, "America/Los_Angeles", queue.arn, Input="early")
    schedule(
        stock,
        at("UTC", timedelta(0)),
        "UTC",
        NOBODY,
        RetryPolicy={"MaximumRetryAttempts": 0},
        DeadLetterConfig={"Arn": letters.arn},
    )
    schedule(stock, at("UTC", timedelta(0)), "UTC", queue.arn, Input="<aws.scheduler.attempt-number>")
    eventually(lambda: len(queue.bodies()) == 2, within=25)
    assert set(queue.bodies()) == {"early", "<aws.scheduler.attempt-number>"}
    assert letters.messages() == []
