"""VinSuite's own words, made fit for people, logs and records: without the guest's data or any secret."""

import re
from collections.abc import Iterator

from .envelope import Fields

_SHOWN = {"SKU", "Name", "Quantity", "Price", "SubTotal", "Taxes", "Total", "OrderID", "OrderNumber"}
"""Fields whose values may be repeated: staff need them, and they are about nobody."""
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
_MAX_LENGTH = 200
_TAKEN_OUT = "…"
_MIN_VALUE = 2


def fit_for_people(text: str, sent: Fields) -> str:
    """The text without anything personal that was sent, without e-mail addresses, on one line, cut short."""
    clean = _EMAIL.sub(_TAKEN_OUT, " ".join(text.split()))
    for value in sorted(_personal(sent), key=len, reverse=True):
        clean = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", _TAKEN_OUT, clean, flags=re.IGNORECASE)
    return clean[:_MAX_LENGTH]


def _personal(sent: Fields) -> Iterator[str]:
    for name, value in sent:
        if isinstance(value, str):
            value = " ".join(value.split())
            if name not in _SHOWN and len(value) >= _MIN_VALUE:
                yield value
        elif value is not None and not isinstance(value, bool | int):
            yield from _personal(value)
