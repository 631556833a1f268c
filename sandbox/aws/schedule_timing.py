"""When a schedule is due: `at()`, `rate()` and `cron()` in the schedule's own time zone, by EventBridge
Scheduler's rules."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from ministack.services import eventbridge

FORM = re.compile(
    r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\([1-9]\d* (minutes?|hours?|days?)\)|cron\([^()]+\)"
)


class InvalidScheduleError(ValueError):
    """The expression or the time zone is not one that EventBridge Scheduler takes."""


def check(expression: str, zone: str) -> None:
    """Refuse what AWS refuses when the schedule is written. Raises InvalidScheduleError."""
    if zone not in available_timezones():
        raise InvalidScheduleError(f"Invalid Timezone {zone}.")
    valid = FORM.fullmatch(expression) is not None
    if valid and expression.startswith("cron"):
        valid = _is_cron(expression)
    if valid and expression.startswith("at"):
        valid = _is_instant(expression)
    if not valid:
        raise InvalidScheduleError(f"Invalid Schedule Expression {expression}.")


def is_one_time(expression: str) -> bool:
    """Whether the schedule fires once in its life."""
    return expression.startswith("at(")


def next_due(expression: str, zone: str, since: datetime, fired: datetime | None) -> datetime | None:
    """The next instant (UTC) at which the schedule is due; None when there is no further one.

    `since` is when it was last written or its start date, whichever is later; `fired` its last start. What
    was missed while the emulator was down is due once, not as often as it was missed.
    """
    if is_one_time(expression):
        return None if fired else _local(expression, zone).astimezone(UTC)
    if interval := eventbridge._parse_rate_seconds(expression):
        return fired + timedelta(seconds=interval) if fired else since
    return _next_cron(expression, ZoneInfo(zone), fired or since)


def _next_cron(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The next wall-clock time that exists: one that falls into the hour lost in spring is skipped, as on
    AWS."""
    fields = eventbridge._parse_cron_fields(expression)
    moment: datetime | None = eventbridge._cron_next_fire(fields, after.astimezone(zone))
    while moment is not None and moment.astimezone(UTC).astimezone(zone).hour != moment.hour:
        moment = eventbridge._cron_next_fire(fields, moment)
    return moment.astimezone(UTC) if moment else None


def _local(expression: str, zone: str) -> datetime:
    return datetime.fromisoformat(expression[len("at(") : -1]).replace(tzinfo=ZoneInfo(zone))


def _is_cron(expression: str) -> bool:
    """Whether all six fields can be read and the plain ones name nothing outside their range."""
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return False
    minutes, hours, _, months = fields[:4]
    in_range = set(minutes) <= set(range(60)) and set(hours) <= set(range(24))
    return in_range and set(months) <= set(range(1, 13))


def _is_instant(expression: str) -> bool:
    try:
        _local(expression, "UTC")
    except ValueError:
        return False
    return True
