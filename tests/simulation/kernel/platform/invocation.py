"""One invocation of a function in one of its environments: its life, its end, and what it leaves behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING, Any

from cellarhand.bootstrap.outside import run_as
from tests.simulation.kernel.faults.faults import Family
from tests.simulation.kernel.platform.hub import Action, Hub, Task
from tests.simulation.kernel.ports.call import Call
from tests.simulation.kernel.ports.seam import ALMOST

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.environment import Environment

JUST_BEFORE = 0.02
"""Seconds before its end that a paused machine goes on."""

_LEAVES_A_TRACE = frozenset({Family.STORE_WRITE, Family.CRM_WRITE, Family.HINT, Family.CLOCK_SERVICE})


class NoAnswer:
    """What a caller gets of an invocation that failed, was killed or ran out of time."""


class Invocation:
    """`tenant_id`: for whom it works. Unless it `is_watched`, none of its calls goes wrong."""

    aws_request_id = "invocation"

    def __init__(
        self, hub: Hub, environment: "Environment", lasts: float, tenant_id: str | None, *, is_watched: bool
    ) -> None:
        self._hub = hub
        self.environment = environment
        self.tenant_id = tenant_id
        self.is_watched = is_watched
        self._lasts = lasts
        self._ends = hub.now + lasts
        self._tasks: list[Task] = []
        self._out: dict[int, tuple[Call[Any], Callable[[], Any]]] = {}
        self._thaws: list[Action] = []
        self._on_end: Callable[[object], object] = lambda _: None
        self._is_over = False
        self._steps = 0
        self.trouble: list[str] = []

    @property
    def lives(self) -> bool:
        """Whether something of it may still get a turn."""
        return any(not task.is_over for task in self._tasks)

    @property
    def place(self) -> tuple[str, int, bool]:
        """How many calls it has made (each asking counts as one), and whether half its time is left."""
        self._steps += 1
        return self.environment.function, self._steps, self._ends - self._hub.now > self._lasts / 2

    @property
    def seen(self) -> str:
        """How it looks from outside, for the fingerprint."""
        out = sorted(call.name for call, _ in self._out.values())
        ahead = self.environment.clock.ahead
        return f"{self.environment.function} {self._steps} {out} {self.trouble} {ahead} {self._is_over}"

    def start(self, handler: Callable[..., Any], event: Any, on_end: Callable[[object], object]) -> None:
        """Run a handler; `on_end` is told once what it answered, or `NoAnswer`."""
        self._on_end = on_end
        self._end_in_time()
        self.spawn(lambda: self._handle(handler, event))

    def spawn(self, body: Action) -> Task:
        """One more thread of this invocation."""

        def run() -> None:
            run_as(self.environment.process)
            body()

        task = self._hub.spawn(run, self)
        self._tasks.append(task)
        return task

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda's context tells it."""
        return int(max(0.0, self._ends - self._hub.now) * 1000)

    @contextmanager
    def having_out(self, call: Call[Any], execute: Callable[[], Any]) -> Iterator[None]:
        """A call has left and is not executed yet."""
        self._out[id(call)] = (call, execute)
        try:
            yield
        finally:
            self._out.pop(id(call), None)

    def kill(self) -> None:
        """End it here. What has left may still be executed, as late as that may be."""
        for call, execute in list(self._out.values()):
            if call.family in _LEAVES_A_TRACE:
                self.environment.world.seam.execute_later(call.late * ALMOST, call, execute)
        for task in self._tasks:
            self._hub.kill(task)
        self.environment.ended(is_alive=False)
        self._report(NoAnswer())

    def pause(self) -> None:
        """Stand still with all threads until just before the end."""
        for task in self._tasks:
            self._hub.freeze(task)
        self._hub.at(self._ends - JUST_BEFORE, self._thaw)

    def on_thaw(self, wake: Action) -> None:
        """Have a call that stays out come back when the environment is thawed."""
        self._thaws.append(wake)

    def _handle(self, handler: Callable[..., Any], event: Any) -> None:
        try:
            answer = handler(event, self)
        except Exception as failure:
            self.environment.world.log.note(failure)
            answer = NoAnswer()
        self._hub.after(0, lambda: self._returned(answer))

    def _returned(self, answer: object) -> None:
        """Lambda freezes what still runs, and thaws it when it uses the environment again, any time."""
        left = [task for task in self._tasks if not task.is_over]
        self._ends = inf
        for task in left:
            self._hub.freeze(task)
        if left:
            self._hub.after(self.environment.world.thaws_after, self._come_back)
        else:
            self._tasks = []
            self.environment.ended(is_alive=True)
        self._report(answer)

    def _come_back(self) -> None:
        self._ends = self._hub.now + self._lasts
        self._end_in_time()
        self._thaw()
        for wake in self._thaws:
            wake()

    def _end_in_time(self) -> None:
        ends = self._ends
        self._hub.at(ends, lambda: self.kill() if self._ends == ends else None)

    def _thaw(self) -> None:
        for task in self._tasks:
            self._hub.thaw(task)

    def _report(self, answer: object) -> None:
        if not self._is_over:
            self._is_over = True
            self._on_end(answer)
