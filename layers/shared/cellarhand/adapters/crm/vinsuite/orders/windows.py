"""Reading all of a window although a hidden cap may cut the answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen

MOMENT = timedelta(milliseconds=2)
"""A read can't separate rows that are closer to each other than this."""


class _Part[T](NamedTuple):
    begin: datetime
    end: datetime
    rows: list[T]

    def lies_within(self, other: "_Part[T]") -> bool:
        return other.begin <= self.begin and self.end <= other.end


class WindowReader[T]:
    """Reads a window part by part, until every part is known to be whole.

    An answer is believed when it is shorter than another one that we got: a cap, if there is one, cuts all
    answers at the same length. A longer one is asked for again in parts, cut where `changed_at` shows a
    pause, so that two more reads settle the usual case. `smallest_cap`: shorter answers need no proof.
    """

    def __init__(
        self,
        read: Callable[[datetime, datetime], list[T]],
        changed_at: Callable[[T], datetime | None],
        smallest_cap: int,
    ) -> None:
        self._read = read
        self._changed_at = changed_at
        self._longest = smallest_cap
        self._answers: list[_Part[T]] = []

    @property
    def longest(self) -> int:
        """The length of the longest answer: a cap, if there is one, is not below it."""
        return self._longest

    def whole(self, begin: datetime, end: datetime) -> list[T]:
        """All rows of the window, both ends included, some perhaps twice. Raises `CallFailedError`."""
        waiting = self._ask(begin, end)
        rows: list[T] = []
        while waiting:
            part = waiting.pop()
            bounds = self._bounds(part) if len(part.rows) >= self._longest else []
            if not bounds:
                self._check_alone(part)
                rows += part.rows
            for first, last in pairwise(bounds):
                waiting += self._ask(first, last)
        return rows

    def _ask(self, begin: datetime, end: datetime) -> list[_Part[T]]:
        """One answer; or several, where one would be too much at once."""
        try:
            answer = _Part(begin, end, self._read(begin, end))
        except CallFailedError as failure:
            if failure.seen is not Seen.OVERSIZED or end - begin <= MOMENT:
                raise
            middle = begin + (end - begin) / 2
            return [*self._ask(begin, middle), *self._ask(middle, end)]
        self._answers.append(answer)
        self._longest = max(self._longest, len(answer.rows))
        return [answer]

    def _bounds(self, part: _Part[T]) -> list[datetime]:
        """Where to divide a part, its ends included; nothing if it is one moment."""
        times = sorted(time for row in part.rows if (time := self._changed_at(row)))
        times = [time for time in times if part.begin <= time <= part.end]
        pause = _pause_near_the_middle(times)
        if pause:
            return [part.begin, pause, part.end]
        if not times:
            middle = part.begin + (part.end - part.begin) / 2
            return [part.begin, middle, part.end] if part.end - part.begin > MOMENT else []
        moment = [max(part.begin, times[0] - MOMENT), min(part.end, times[-1] + MOMENT)]
        bounds = sorted({part.begin, *moment, part.end})
        return bounds if len(bounds) > len(moment) else []

    def _check_alone(self, part: _Part[T]) -> None:
        """A moment that fills an answer is believed, unless an answer about another time is as long."""
        rivals = [other for other in self._answers if len(other.rows) >= len(part.rows) >= self._longest]
        if any(not part.lies_within(other) for other in rivals):
            raise CallFailedError(Seen.GARBLED, "VinSuite has more orders of one moment than it lists.")


def _pause_near_the_middle(times: list[datetime]) -> datetime | None:
    """A time with about as many of these before as after it, and none close."""
    pauses = [
        (abs(2 * before - len(times)), earlier + (later - earlier) / 2)
        for before, (earlier, later) in enumerate(pairwise(times), start=1)
        if later - earlier >= MOMENT
    ]
    return min(pauses)[1] if pauses else None
