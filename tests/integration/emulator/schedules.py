"""Schedules to try out in the emulator."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.machine.aws_session import ACCOUNT_ID, REGION
from sandbox.machine.emulator import Emulator
from tests.integration.aws import client
from tests.integration.emulator.toys import ROLE, unique

TOKYO = "Asia/Tokyo"
NOBODY = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:nobody"
"""A function that does not exist."""


def at(zone: str, ahead: timedelta) -> str:
    """An expression for that instant in the wall-clock time of the zone."""
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


def names(emulator: Emulator) -> set[str]:
    """Every schedule there is, read page by page."""
    pages = (
        client("scheduler", emulator)
        .get_paginator("list_schedules")
        .paginate(PaginationConfig={"PageSize": 2})
    )
    return {row["Name"] for page in pages for row in page["Schedules"]}
