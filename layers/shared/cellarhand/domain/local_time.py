"""Convert instants to the winery's local time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_minute(instant: datetime, timezone: str) -> str:
    """`YYYY-MM-DDTHH:MM`, the format of a visit's `starts_at`."""
    return instant.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%dT%H:%M")


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar date at the winery at an instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()
