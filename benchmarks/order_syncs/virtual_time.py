"""Time that costs nothing: waiting moves a clock, and what runs side by side has a clock each.

Strands run one after the other in the order in which they were submitted; each begins when a place in its
pool is free, and whoever waits for one goes on at the instant at which it ended. So an invocation lasts as
long as it would, and every run of the benchmark is the same.
"""

import heapq
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

BEGINS = datetime(2026, 6, 8, 4, 0, tzinfo=UTC)
"""A Monday night in California."""


class VirtualTime:
    """Fills `Clock` and `Workers`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """Of the strand that runs."""
        return BEGINS + timedelta(seconds=round(self.seconds, 3))

    def monotonic(self) -> float:
        """Of the strand that runs."""
        return self.seconds

    def pause(self, seconds: float) -> None:
        """Let time pass for the strand that runs."""
        self.seconds += seconds

    def pool(self, most: int) -> Executor:
        """So many strands side by side."""
        return _Pool(self, most)

    def any_ended[T](self, running: Collection[Future[T]]) -> Collection[Future[T]]:
        """Go on when the first of them has ended."""
        ends = {future: getattr(future, "ended_at", self.seconds) for future in running}
        self.seconds = max(self.seconds, min(ends.values()))
        return [future for future, end in ends.items() if end <= self.seconds]

    def turns(self, most: int) -> AbstractContextManager[object]:
        """A place that is free when whoever had it has left."""
        return _Turns(self, most)


class _Strand(Future[Any]):
    ended_at = 0.0


class _Pool(Executor):
    def __init__(self, time: VirtualTime, most: int) -> None:
        self._time = time
        self._free_at = [0.0] * most

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        submitted_at = self._time.seconds
        self._time.seconds = max(submitted_at, heapq.heappop(self._free_at))
        strand = _Strand()
        try:
            strand.set_result(fn(*args, **kwargs))
        except Exception as failure:
            strand.set_exception(failure)
        strand.ended_at = self._time.seconds
        heapq.heappush(self._free_at, strand.ended_at)
        self._time.seconds = submitted_at
        return strand

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Everything has ended; the clock goes on when the last strand has."""
        self._time.seconds = max(self._time.seconds, *self._free_at)


class _Turns(AbstractContextManager[object]):
    def __init__(self, time: VirtualTime, most: int) -> None:
        self._time = time
        self._free_at = [0.0] * most

    def __enter__(self) -> object:
        self._time.seconds = max(self._time.seconds, heapq.heappop(self._free_at))
        return self

    def __exit__(self, *failure: object) -> None:
        heapq.heappush(self._free_at, self._time.seconds)
