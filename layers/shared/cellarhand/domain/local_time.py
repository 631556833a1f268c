"""Instants by the winery's clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_minute(instant: datetime, timezone: str) -> str:
    """`YYYY-MM-DDTHH:MM`, as visits are written."""
    return instant.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%dT%H:%M")


def local_date(instant: datetime, timezone: str) -> date:
    """The winery's calendar date at an instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()
