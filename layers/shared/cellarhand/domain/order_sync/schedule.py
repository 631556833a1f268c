"""A tenant's sync schedule: the item that support or the API writes, and the status of applying it.

The item is a plain one of the settings table, so that support can enable a schedule with one `put-item`.
A mistake in it is explained in its status (`ScheduleMistakeError`), never ignored.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError, model_validator

from cellarhand.domain.models import FrozenModel, StrictModel
from cellarhand.domain.tenants.tenant import TimeZoneName

from .cron import Cron

ScheduleWeekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
_RATE = re.compile(r"rate\([1-9]\d{0,4} (minutes?|hours?|days?)\)")
_NOT_OF_THE_PLAN = frozenset({"written_by", "written_at"})


class ScheduleMistakeError(ValueError):
    """The schedule item can't be applied; the text explains why to whoever wrote it."""


def _check_expression(text: str) -> str:
    if text.startswith("rate("):
        if not _RATE.fullmatch(text):
            raise ValueError("a rate looks like rate(1 day) or rate(12 hours)")
    elif text.startswith("cron("):
        Cron.parse(text)
    else:
        raise ValueError("an expression is cron(...) or rate(...)")
    return text


class SchedulePlan(StrictModel):
    """When a tenant's orders are synced: by `expression`, or `daily_at` (HH:MM, local) on `weekdays`.

    Times are in `timezone`, or in the tenant's own. A run syncs visits at least `days_after_visit` days old.
    A schedule that is turned off need not name a time.
    """

    enabled: bool
    expression: Annotated[str, AfterValidator(_check_expression)] | None = None
    daily_at: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    weekdays: tuple[ScheduleWeekday, ...] | None = Field(None, min_length=1)
    timezone: TimeZoneName | None = None
    days_after_visit: int = Field(1, ge=0, le=365)

    @model_validator(mode="after")
    def _check_time_is_given_once(self) -> Self:
        given = [way for way in (self.expression, self.daily_at) if way is not None]
        if len(given) > 1 or (self.enabled and not given):
            raise ValueError("give exactly one of expression and daily_at")
        if self.weekdays is not None and self.daily_at is None:
            raise ValueError("weekdays goes with daily_at; an expression names its own days")
        return self

    @property
    def clock_expression(self) -> str:
        """The plan as an EventBridge Scheduler expression; empty while it names no time."""
        if self.daily_at is None:
            return self.expression or ""
        hour, minute = map(int, self.daily_at.split(":"))
        named = [day for day in get_args(ScheduleWeekday) if day in (self.weekdays or ())]
        days = f"? * {','.join(named)}" if named else "* * ?"
        return f"cron({minute} {hour} {days} *)"

    def never_runs(self, after: datetime, zone: str) -> bool:
        """Whether its time never comes, such as 31 February or a day of last year."""
        if self.clock_expression[:1] != "c":
            return False
        cron = Cron.parse(self.clock_expression)
        return cron.is_foreseeable and cron.next_after(after, ZoneInfo(zone)) is None

    def next_run(self, after: datetime, zone: str) -> datetime | None:
        """The next run (UTC); None for a rate: AWS counts it from when the schedule was set."""
        expression = self.clock_expression
        return Cron.parse(expression).next_after(after, ZoneInfo(zone)) if expression[0] == "c" else None


class ScheduleItem(NamedTuple):
    """A stored plan, and who wrote it."""

    plan: SchedulePlan
    written_by: str | None

    @classmethod
    def read(cls, attributes: Mapping[str, object]) -> Self:
        """From the item's attributes, without its key. Raises `ScheduleMistakeError`."""
        wanted = {name: value for name, value in attributes.items() if name not in _NOT_OF_THE_PLAN}
        try:
            plan = SchedulePlan.model_validate(wanted)
        except ValidationError as error:
            raise ScheduleMistakeError(_explain(error)) from None
        writer = attributes.get("written_by")
        return cls(plan, str(writer) if writer else None)

    def attributes(self) -> dict[str, object]:
        """The item's attributes; absent values are left out."""
        return {**self.plan.model_dump(mode="json", exclude_none=True), "written_by": self.written_by}


class ScheduleState(StrEnum):
    """Whether a schedule runs, and if not, why."""

    ACTIVE = "active"
    PAUSED = "paused"
    OFF = "off"
    INVALID = "invalid"


class ScheduleStatus(FrozenModel):
    """The result of applying a schedule item. `next_run` is UTC; absent where only AWS knows it."""

    state: ScheduleState
    message: str
    expression: str | None = None
    timezone: str | None = None
    next_run: datetime | None = None
    checked_at: datetime

    @classmethod
    def active(cls, plan: SchedulePlan, zone: str, now: datetime) -> Self:
        """The plan is set in EventBridge Scheduler."""
        run = plan.next_run(now, zone)
        when = f", next run {run.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if run else ""
        return cls(
            state=ScheduleState.ACTIVE,
            message=f"Active{when} ({zone}).",
            expression=plan.clock_expression,
            timezone=zone,
            next_run=run,
            checked_at=now.astimezone(UTC),
        )

    def as_of(self, now: datetime, plan: SchedulePlan) -> "ScheduleStatus":
        """With the next run after `now`, while this plan is the one that is set."""
        if self.state is not ScheduleState.ACTIVE or self.expression != plan.clock_expression:
            return self
        status = self.active(plan, self.timezone or "UTC", now)
        return status.model_copy(update={"checked_at": self.checked_at})


def _explain(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in mistake['loc']) or 'schedule'}: "
        f"{mistake['msg'].removeprefix('Value error, ')}"
        for mistake in error.errors(include_url=False, include_context=False)
    )
