"""Local dates and times of a winery as text, so that they can be compared as strings."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, StringConstraints

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _on_the_calendar(text: str) -> str:
    date.fromisoformat(text[:10])
    return text


LocalDate = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_on_the_calendar)
]
"""`YYYY-MM-DD`; the day must exist."""

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""`HH:MM`, from 00:00 to 23:59."""

DateOrMoment = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9])?$"),
    AfterValidator(_on_the_calendar),
]
"""A day, or a minute of a day: `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`."""


def first_moment(bound: str) -> str:
    """The minute from which a lower bound holds: a day begins at 00:00."""
    return bound if "T" in bound else f"{bound}T00:00"


def last_moment(bound: str) -> str:
    """The last minute that an upper bound includes: a day ends with 23:59."""
    return bound if "T" in bound else f"{bound}T23:59"


def weekday_of(moment: str) -> Weekday:
    """The weekday of a local moment or date."""
    return WEEKDAYS[date.fromisoformat(moment[:10]).weekday()]


@lru_cache(maxsize=1_024)
def day_number(day: str) -> int:
    """The ordinal of a local date; the next day's is one higher."""
    return date.fromisoformat(day).toordinal()
