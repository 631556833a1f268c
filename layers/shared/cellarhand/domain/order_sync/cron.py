"""Cron expressions as EventBridge Scheduler takes them: `cron(minutes hours day month weekday year)`.

We parse them to explain mistakes to staff and to show the next run; in the end AWS decides what is valid.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

_LOOK_AHEAD = timedelta(days=8 * 366)
"""The longest gap between two matches: 29 February across a century without a leap day."""


class CronError(ValueError):
    """The expression is not valid; the text names the field and what is wrong with it."""


class _Field(NamedTuple):
    name: str
    low: int
    high: int
    names: Mapping[str, int] = {}
    special: re.Pattern[str] | None = None
    """Forms that AWS accepts but that name no fixed values, such as the last day of the month."""


_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of the month", 1, 31, special=re.compile(r"L|LW|\d{1,2}W")),
    _Field("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    _Field(
        "day of the week",
        1,
        7,
        {name: number for number, name in enumerate(_WEEKDAYS, 1)},
        special=re.compile(r"L|(?:[1-7]|[A-Z]{3})(?:L|#[1-5])"),
    ),
    _Field("year", 1970, 2199),
)
_DAY, _WEEKDAY = 2, 4


class Cron(NamedTuple):
    """The values of each field. `days` or `weekdays` is None where the expression has "?": any matches."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    """1 is Sunday, as AWS counts."""
    years: frozenset[int]
    is_foreseeable: bool
    """Whether the values alone give the next run: false with L, W and #."""

    @classmethod
    def parse(cls, expression: str) -> Self:
        """Raises `CronError`."""
        inside = re.fullmatch(r"cron\((.*)\)", expression.strip())
        texts = inside.group(1).upper().split() if inside else []
        if len(texts) != len(_FIELDS):
            raise CronError(f"cron(...) takes six fields: {', '.join(field.name for field in _FIELDS)}.")
        if (texts[_DAY] == "?") == (texts[_WEEKDAY] == "?"):
            raise CronError('Exactly one of day of the month and day of the week must be "?".')
        values = [_values(field, text) for field, text in zip(_FIELDS, texts, strict=True)]
        special = any(_is_special(field, text) for field, text in zip(_FIELDS, texts, strict=True))
        minutes, hours, days, months, weekdays, years = values
        return cls(
            minutes,
            hours,
            None if texts[_DAY] == "?" else days,
            months,
            None if texts[_WEEKDAY] == "?" else weekdays,
            years,
            is_foreseeable=not special,
        )

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """The next run (UTC) after `instant` in that zone; None if there is none, or it is not foreseeable.

        A wall-clock time that the change to summer time skips does not run.
        """
        if not self.is_foreseeable:
            return None
        first = instant.astimezone(zone).date()
        for ahead in range(_LOOK_AHEAD.days):
            day = first + timedelta(days=ahead)
            runs = self._runs_on(day, zone) if self._is_on(day) else ()
            if run := next((run for run in runs if run > instant), None):
                return run
        return None

    def _is_on(self, day: date) -> bool:
        weekday = day.isoweekday() % 7 + 1
        return (
            day.year in self.years
            and day.month in self.months
            and (self.days is None or day.day in self.days)
            and (self.weekdays is None or weekday in self.weekdays)
        )

    def _runs_on(self, day: date, zone: ZoneInfo) -> list[datetime]:
        times = (time(hour, minute) for hour in self.hours for minute in self.minutes)
        local = (datetime.combine(day, at, tzinfo=zone) for at in sorted(times))
        runs = ((wall, wall.astimezone(UTC)) for wall in local)
        return [run for wall, run in runs if run.astimezone(zone).time() == wall.time()]


def _is_special(field: _Field, text: str) -> bool:
    return bool(field.special and any(field.special.fullmatch(part) for part in text.split(",")))


def _values(field: _Field, text: str) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        if not (field.special and field.special.fullmatch(part)):
            values |= _part(field, part)
    return frozenset(values)


def _part(field: _Field, part: str) -> set[int]:
    span, slash, step_text = part.partition("/")
    step = _step(field, step_text) if slash else 1
    if span in ("*", "?"):
        return set(range(field.low, field.high + 1, step))
    start_text, dash, end_text = span.partition("-")
    start = _number(field, start_text)
    end = _number(field, end_text) if dash else (field.high if slash else start)
    if end < start:
        raise CronError(f"{field.name}: {part} ends before it begins.")
    return set(range(start, end + 1, step))


def _step(field: _Field, text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise CronError(f'{field.name}: "{text}" is not a step.')
    return int(text)


def _number(field: _Field, text: str) -> int:
    if text in field.names:
        return field.names[text]
    if not (re.fullmatch(r"\d{1,4}", text, re.ASCII) and field.low <= int(text) <= field.high):
        raise CronError(f'{field.name}: "{text}" is not a value from {field.low} to {field.high}.')
    return int(text)
