"""How VinSuite writes single values, and how we read them."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?")
_UNSET_YEAR = 1
"""The year of .NET's `DateTime.MinValue`, which stands for "not set"."""

NO_GUID = "00000000-0000-0000-0000-000000000000"


def decimal_text(minor_units: int, decimals: int) -> str:
    """1250 -> "12.50"."""
    return f"{Decimal(minor_units).scaleb(-decimals):f}"


def minor_units(text: str, decimals: int) -> int:
    """ "12.5" and "12.5000" -> 1250. Raises `ValueError` for what is no whole number of minor units."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError("not a decimal")
    scaled = Decimal(text).scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise ValueError("finer than the currency")
    return int(scaled)


def guid(text: str) -> str:
    """One spelling for ids that come in either case, with or without braces."""
    return text.strip().strip("{}").lower()


def is_guid(text: str) -> bool:
    """Whether VinSuite could read this as a guid."""
    return _GUID.fullmatch(guid(text)) is not None


def date_text(day: date) -> str:
    """A local date as the start of that day, without offset."""
    return f"{day.isoformat()}T00:00:00"


def moment_text(instant: datetime) -> str:
    """An instant in UTC, without offset."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime | None:
    """An instant; without offset it is taken as UTC, which may be hours off. None when unset."""
    read = datetime.fromisoformat(text)
    if read.year == _UNSET_YEAR:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def day(text: str) -> date | None:
    """The date as written, whatever the time of day and the offset. None when unset."""
    read = datetime.fromisoformat(text)
    return None if read.year == _UNSET_YEAR else read.date()


def without_prefix(text: str, prefixes: Sequence[str]) -> str:
    """The text without the first of these prefixes that it begins with."""
    for prefix in prefixes:
        if text.startswith(prefix):
            return text.removeprefix(prefix).strip()
    return text
