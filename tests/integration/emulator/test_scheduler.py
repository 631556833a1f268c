"""Contract of the gap `scheduler`: schedules run in their own zone, survive a restart and lose no event."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ClientError, WaiterError

from sandbox import machine
from sandbox.machine import ACCOUNT_ID, REGION, Emulator
from tests.integration.aws import client, eventually
from tests.integration.emulator.toys import ROLE, Queue, make_function, unique

pytestmark = pytest.mark.emulator

TOKYO = "Asia/Tokyo"
NOBODY = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:nobody"


def at(zone: str, ahead: timedelta) -> str:
    local = (datetime.now(UTC) + ahead).astimezone(ZoneInfo(zone))
    return f"at({local:%Y-%m-%dT%H:%M:%S})"


def schedule(emulator: Emulator, expression: str, zone: str, target: str, **options: Any) -> str:
    """Create a schedule with a fixed window; answers its name."""
    name = unique("schedule")
    of_target = {
        key: value for key, value in options.items() if key in ("Input", "RetryPolicy", "DeadLetterConfig")
    }
    client("scheduler", emulator).create_schedule(
        Name=name,
        ScheduleExpression=expression,
        ScheduleExpressionTimezone=zone,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target, "RoleArn": ROLE, **of_target},
        **{key: value for key, value in options.items() if key not in of_target},
    )
    return name


def test_a_one_time_schedule_fires_in_its_own_zone_once(emulator: Emulator):
    queue = Queue(emulator)
    schedule(emulator, at(TOKYO, timedelta(seconds=1)), TOKYO, queue.arn, Input="now")
    schedule(emulator, at("UTC", timedelta(seconds=3)), "UTC", queue.arn, Input="later")
    eventually(lambda: "later" in queue.bodies())
    assert queue.bodies() == ["now", "later"]


def test_a_cron_schedule_fires_at_the_wall_clock_of_its_zone():
    port = machine.free_port()
    emulator = machine.start_emulator(None, port, settings={"SCHEDULER_CLOCK": "2026-03-09T18:59:58+00:00"})
    try:
        queue = Queue(emulator)
        text = '{"at": "<aws.scheduler.scheduled-time>", "try": "<aws.scheduler.attempt-number>"}'
        schedule(emulator, "cron(0 4 * * ? *)", TOKYO, queue.arn, Input=text)
        eventually(queue.messages)
        assert json.loads(queue.bodies()[0]) == {"at": "2026-03-09T19:00:00Z", "try": "1"}
    finally:
        machine.stop_emulator(port)


def test_a_completed_schedule_is_deleted_when_it_asks_for_it(emulator: Emulator):
    queue = Queue(emulator)
    name = schedule(
        emulator, at("UTC", timedelta(0)), "UTC", queue.arn, Input="once", ActionAfterCompletion="DELETE"
    )
    eventually(queue.messages)
    eventually(lambda: name not in names(emulator))


def names(emulator: Emulator) -> set[str]:
    pages = (
        client("scheduler", emulator)
        .get_paginator("list_schedules")
        .paginate(PaginationConfig={"PageSize": 2})
    )
    return {row["Name"] for page in pages for row in page["Schedules"]}


@pytest.mark.parametrize(
    ("expression", "zone"),
    [
        ("bogus(1)", "UTC"),
        ("cron(0 25 * * ? *)", "UTC"),
        ("cron(0 4 * * * *)", "UTC"),
        ("rate(0 minutes)", "UTC"),
        ("at(2026-02-30T10:00:00)", "UTC"),
        ("rate(1 hour)", "No/Where"),
    ],
)
def test_what_aws_would_refuse_is_refused(emulator: Emulator, expression: str, zone: str):
    with pytest.raises(ClientError, match="ValidationException"):
        schedule(emulator, expression, zone, NOBODY)


def test_stock_takes_any_expression_and_any_zone(stock: Emulator):
    assert schedule(stock, "bogus(1)", "No/Where", NOBODY)


def test_all_schedules_are_listed_page_by_page(emulator: Emulator):
    made = {schedule(emulator, "cron(0 4 * * ? *)", TOKYO, NOBODY) for _ in range(5)}
    assert made <= names(emulator)


def test_stock_cuts_the_list_short(stock: Emulator):
    made = {schedule(stock, "cron(0 4 * * ? *)", TOKYO, NOBODY) for _ in range(5)}
    assert not made <= names(stock)


def schedule_template(zone: str) -> str:
    target = {"Arn": NOBODY, "RoleArn": ROLE}
    properties = {
        "Name": unique("schedule"),
        "ScheduleExpression": "cron(0 4 * * ? *)",
        "ScheduleExpressionTimezone": zone,
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        "Target": target,
    }
    resource = {"Type": "AWS::Scheduler::Schedule", "Properties": properties}
    return json.dumps(
        {"Resources": {"Nightly": resource}, "Outputs": {"Name": {"Value": {"Ref": "Nightly"}}}}
    )


def deploy(emulator: Emulator, zone: str) -> dict[str, Any]:
    """Create a stack with one schedule and answer the schedule."""
    cloudformation, stack = client("cloudformation", emulator), unique("stack")
    cloudformation.create_stack(StackName=stack, TemplateBody=schedule_template(zone))
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    made: dict[str, Any] = client("scheduler", emulator).get_schedule(Name=outputs[0]["OutputValue"])
    return made


def test_a_schedule_of_a_template_keeps_its_zone_and_window(emulator: Emulator):
    made = deploy(emulator, TOKYO)
    assert made["ScheduleExpressionTimezone"] == TOKYO
    assert made["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}


def test_a_template_with_an_unknown_zone_is_rolled_back(emulator: Emulator):
    with pytest.raises(WaiterError):
        deploy(emulator, "No/Where")


def test_stock_forgets_the_zone_of_a_template(stock: Emulator):
    assert deploy(stock, TOKYO)["ScheduleExpressionTimezone"] == "UTC"


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
    assert queue.bodies() == ["try 2"]


def tried(answer: dict[str, Any]) -> bool:
    """Long enough after its time that the first attempt has been made."""
    due = datetime.fromisoformat(answer["ScheduleExpression"][3:-1]).replace(tzinfo=UTC)
    return datetime.now(UTC) > due + timedelta(seconds=1.2)


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
    port = machine.free_port()
    yield lambda gaps: machine.start_emulator(
        tmp_path / "state", port, without=gaps, settings={"AUTOSAVE_SECONDS": "0.2"}
    )
    machine.stop_emulator(port)


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
