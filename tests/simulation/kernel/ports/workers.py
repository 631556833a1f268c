"""Threads as tasks of the hub: the same promises as `adapters.system.Threads`, in virtual time."""

from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from tests.simulation.kernel.platform.hub import Action, Hub, Killed

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.invocation import Invocation


class TaskPool(Executor):
    """A pool of the running invocation."""

    def __init__(self, hub: Hub, most: int) -> None:
        self._hub = hub
        self._most = most
        self._invocation: Invocation = hub.task.owner  # type: ignore[assignment]
        self._queue: deque[tuple[Future[Any], Action]] = deque()
        self._working = 0
        self._on_rest: list[Action] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._queue.append((future, lambda: fn(*args, **kwargs)))
        if self._working < self._most:
            self._working += 1
            self._invocation.spawn(self._work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        while cancel_futures and self._queue:
            self._queue.popleft()[0].cancel()
        while wait and self._working:
            self._hub.wait(self._on_rest.append)

    def _work(self) -> None:
        while self._queue:
            future, action = self._queue.popleft()
            if future.set_running_or_notify_cancel():
                _fulfil(future, action)
        self._working -= 1
        for wake in self._on_rest:
            wake()


def _fulfil(future: Future[Any], action: Action) -> None:
    try:
        future.set_result(action())
    except Killed:
        raise
    except BaseException as failure:
        future.set_exception(failure)


class Turns(AbstractContextManager[None]):
    """First come, first served."""

    def __init__(self, hub: Hub, most: int) -> None:
        self._hub = hub
        self._free = most
        self._queue: deque[Action] = deque()

    def __enter__(self) -> None:
        if self._free:
            self._free -= 1
        else:
            self._hub.wait(self._queue.append)

    def __exit__(self, *_: object) -> None:
        if self._queue:
            self._queue.popleft()()
        else:
            self._free += 1


class TaskWorkers:
    """Fills `Workers`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def pool(self, most: int) -> Executor:
        return TaskPool(self._hub, most)

    def any_ended[T](self, running: Collection[Future[T]]) -> Collection[Future[T]]:
        def call(wake: Action) -> None:
            for future in running:
                future.add_done_callback(lambda _: wake())

        if not any(future.done() for future in running):
            self._hub.wait(call)
        return [future for future in running if future.done()]

    def turns(self, most: int) -> AbstractContextManager[object]:
        return Turns(self._hub, most)

    def pause(self, seconds: float) -> None:
        self._hub.sleep(seconds)
