"""Reading all of a window although a hidden cap may cut the answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from .outcomes import CallFailedError, Seen

NARROWEST = timedelta(minutes=1)


class _Part[T](NamedTuple):
    begin: datetime
    end: datetime
    rows: list[T]


def read_whole[T](
    read: Callable[[datetime, datetime], list[T]],
    begin: datetime,
    end: datetime,
    *,
    smallest_cap: int,
) -> list[T]:
    """All rows from `begin` to `end`, possibly some twice.

    An answer is only believed to be whole when it is shorter than another one that we got: a cap, if there
    is one, cuts all answers at the same length. Any longer one is asked for again in halves. Raises
    `CallFailedError` when a part can't be made narrow enough.
    """
    open_parts = [_Part(begin, end, read(begin, end))]
    whole: list[T] = []
    longest = max(smallest_cap, len(open_parts[0].rows))
    while open_parts:
        part = open_parts.pop()
        if len(part.rows) < longest:
            whole += part.rows
            continue
        halves = _halves(part, read)
        longest = max(longest, *(len(half.rows) for half in halves))
        open_parts += halves
    return whole


def _halves[T](part: _Part[T], read: Callable[[datetime, datetime], list[T]]) -> list[_Part[T]]:
    if part.end - part.begin < NARROWEST:
        raise CallFailedError(Seen.GARBLED, "VinSuite has more orders in a minute than it lists.")
    middle = part.begin + (part.end - part.begin) / 2
    return [
        _Part(part.begin, middle, read(part.begin, middle)),
        _Part(middle, part.end, read(middle, part.end)),
    ]
