"""Work done one by one, in the thread that asks for it."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from cellarhand.adapters.system import Threads


class AtOnce(Executor):
    """Runs what is submitted there and then: one thread, one order of events."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as failure:
            future.set_exception(failure)
        return future


class OneByOne(Threads):
    """Fills `Workers` without any thread."""

    def pool(self, most: int) -> Executor:
        return AtOnce()
