"""Value types as they stand on the wire: strict about text, so that a wrong format shows at once."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AfterValidator, BeforeValidator, Field

_ACRONYMS = {"id": "ID", "sku": "SKU"}


def wire_name(field: str) -> str:
    """Give the service's name of one of our fields: `member_id` is `MemberID`, `phone1` is `Phone1`."""
    return "".join(_ACRONYMS.get(word, word[:1].upper() + word[1:]) for word in field.split("_"))


def stable_id(path: str) -> UUID:
    """Give the same id for the same path on every machine, for seeds: `stable_id("demo/club/gold")`."""
    return uuid5(NAMESPACE_URL, f"https://vinsuite.example.com/{path}")


def _written_as(pattern: str, meaning: str) -> Callable[[object], object]:
    """Refuse text that does not match; values that are no text come from the store and pass."""
    compiled = re.compile(pattern)

    def check(value: object) -> object:
        if isinstance(value, str) and not compiled.fullmatch(value.strip()):
            raise ValueError(f"is not {meaning}")
        return value.strip() if isinstance(value, str) else value

    return check


def _check_date_time(value: str) -> str:
    datetime.fromisoformat(value)
    return value


_HEX = "[0-9a-fA-F]"
_GUID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_DATE_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?"

Guid = Annotated[UUID, BeforeValidator(_written_as(_GUID, "a guid"))]
WireInt = Annotated[int, Field(ge=-(2**31), lt=2**31), BeforeValidator(_written_as(r"[+-]?\d+", "an int"))]
WireDecimal = Annotated[Decimal, BeforeValidator(_written_as(r"[+-]?\d+(\.\d+)?", "a decimal"))]
WireBoolean = Annotated[bool, BeforeValidator(_written_as("true|false|1|0", "a boolean"))]
WireDateTime = Annotated[
    str, AfterValidator(_check_date_time), BeforeValidator(_written_as(_DATE_TIME, "a naive dateTime"))
]
"""A winery-local date and time without offset, kept exactly as it was sent."""
