"""Virtual time, and tasks that take turns: one greenlet each, switched only at a wait, one agenda for all.

What happens at the same instant happens in the order in which it was asked for, or, with a `shuffle`, in one
drawn from it: so one seed is one run.
"""

import heapq
from collections.abc import Callable
from contextlib import suppress
from random import Random

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]

type Action = Callable[[], object]


class Killed(BaseException):
    """The platform ended the invocation: no code of ours runs any more."""


class Task:
    """One thread of work. While `is_frozen` it gets no turn; what it waits for may happen meanwhile."""

    def __init__(self, body: Action, owner: object, hub: greenlet) -> None:
        self.owner = owner
        self.is_over = False
        self.is_frozen = False
        self.has_missed_a_turn = False
        self.waits = 0
        self._body = body
        self.greenlet = greenlet(self._run, hub)

    def _run(self) -> None:
        with suppress(Killed):
            self._body()
        self.is_over = True


class Hub:
    """The one who gives turns. `now`: true seconds since the simulation began."""

    def __init__(self, shuffle: Random | None = None) -> None:
        self.now = 0.0
        self._current: Task | None = None
        self._shuffle = shuffle
        self._greenlet = getcurrent()
        self._agenda: list[tuple[float, float, int, Action]] = []
        self._count = 0

    def at(self, when: float, action: Action) -> None:
        """Have this done at that time, by the hub itself."""
        self._count += 1
        among_equals = self._shuffle.random() if self._shuffle else 0.0
        heapq.heappush(self._agenda, (max(when, self.now), among_equals, self._count, action))

    def after(self, seconds: float, action: Action) -> None:
        """Have this done so many seconds from now."""
        self.at(self.now + seconds, action)

    def spawn(self, body: Action, owner: object = None) -> Task:
        """A new task, whose first turn comes now."""
        task = Task(body, owner, self._greenlet)
        self.after(0, lambda: self._turn(task))
        return task

    @property
    def is_busy(self) -> bool:
        """Whether anything is still to come."""
        return bool(self._agenda)

    @property
    def task(self) -> Task:
        """The one whose turn it is. Raises `Killed` in what still unwinds after a kill."""
        if self._current is None or self._current.is_over:
            raise Killed
        return self._current

    def sleep(self, seconds: float) -> None:
        """Have the running task rest for a while."""
        self.wait(lambda wake: self.after(seconds, wake))

    def wait(self, arrange: Callable[[Action], object]) -> None:
        """Have the running task rest until what `arrange` is given is called (a second time in vain)."""
        task = self.task
        task.waits += 1
        number = task.waits

        def wake() -> None:
            if task.waits == number:
                task.waits += 1
                self.after(0, lambda: self._turn(task))

        arrange(wake)
        self._greenlet.switch()

    def freeze(self, task: Task) -> None:
        """Give it no turn from now on."""
        task.is_frozen = True

    def thaw(self, task: Task) -> None:
        """Let it go on, beginning with the turn that it missed."""
        task.is_frozen = False
        if task.has_missed_a_turn:
            task.has_missed_a_turn = False
            self.after(0, lambda: self._turn(task))

    def kill(self, task: Task) -> None:
        """Unwind it; whatever it tries on its way out fails. Called by the hub: no task kills itself."""
        if task.is_over:
            return
        task.is_over = True
        if task.greenlet:
            task.greenlet.throw(Killed)

    def run(self, until: float) -> None:
        """Do what is on the agenda, until it is empty or that time has come."""
        while self._agenda and self._agenda[0][0] <= until:
            self.now, _, _, action = heapq.heappop(self._agenda)
            action()

    def _turn(self, task: Task) -> None:
        if task.is_over:
            return
        if task.is_frozen:
            task.has_missed_a_turn = True
            return
        self._current = task
        task.greenlet.switch()
        self._current = None
