"""Work done side by side or one by one, while pauses only move the clock of the test."""

from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from typing import Any

from cellarhand.adapters.system import Threads
from tests.fakes.time import FakeClock


class AtOnce(Executor):
    """Runs what is submitted there and then: one thread, one order of events."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as failure:
            future.set_exception(failure)
        return future


class TimelessThreads(Threads):
    """Fills `Workers` with real threads."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def pause(self, seconds: float) -> None:
        self._clock.advance(seconds=seconds)


class OneByOne(TimelessThreads):
    """Fills `Workers` without any thread."""

    def pool(self, most: int) -> Executor:
        return AtOnce()

    def any_ended[T](self, running: Collection[Future[T]]) -> Collection[Future[T]]:
        """All, in the order in which they were submitted."""
        return list(running)
