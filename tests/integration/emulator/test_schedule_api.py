"""Contract of the gap `scheduler`: what is written is checked, and all of it is kept and listed."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from sandbox.machine.emulator import Emulator
from tests.integration.aws import client
from tests.integration.emulator.schedules import NOBODY, TOKYO, names, schedule
from tests.integration.emulator.toys import ROLE, unique

pytestmark = pytest.mark.emulator


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
