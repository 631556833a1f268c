"""AWS around our functions: who starts them, with what, how long they live, and what happens to messages."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from functions.customer_upsert import app as customer_upsert
from functions.customer_upsert_retry import app as customer_upsert_retry
from functions.order_sync import app as order_sync
from functions.order_sync_runner import app as order_sync_runner
from functions.settings import app as settings
from functions.sweeper import app as sweeper
from functions.sync_schedule import app as sync_schedule
from tests.simulation.kernel.faults.faults import Family, Kind
from tests.simulation.kernel.platform.environment import Environment
from tests.simulation.kernel.platform.invocation import Invocation, NoAnswer

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.world import World

VISIBILITY = 360.0
"""Seconds for which a received message is hidden; as in the template."""
MAX_RECEIVES = 5
DELIVERED_LATE = 600.0
MESSAGE_TAKES = 0.05


class Function(NamedTuple):
    """An entry point, and after how many seconds the platform ends it; as in the template."""

    handler: Callable[[dict[str, Any], Any], Any]
    lasts: float


FUNCTIONS: Mapping[str, Function] = {
    "customer_upsert": Function(customer_upsert.lambda_handler, 10),
    "customer_upsert_retry": Function(customer_upsert_retry.lambda_handler, 60),
    "order_sync": Function(order_sync.lambda_handler, 20),
    "order_sync_runner": Function(order_sync_runner.lambda_handler, 60),
    "settings": Function(settings.lambda_handler, 29),
    "sweeper": Function(sweeper.lambda_handler, 50),
    "sync_schedule": Function(sync_schedule.lambda_handler, 30),
}


class Platform:
    """Starts functions. A start can be doubled, late or lost like everything else."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.idle: defaultdict[str, list[Environment]] = defaultdict(list)
        self._invocations: list[Invocation] = []

    @property
    def seen(self) -> Iterator[str]:
        """How all that live look from outside, for the fingerprint."""
        yield from (invocation.seen for invocation in self._invocations if invocation.lives)
        yield from (
            f"{name} {e.clock.ahead}" for name, free in self.idle.items() for e in free if e.clock.ahead
        )

    def start(
        self,
        function: str,
        event: dict[str, Any],
        tenant_id: str | None,
        on_end: Callable[[object], object] = lambda _: None,
        on_end_of_copy: Callable[[object], object] = lambda _: None,
    ) -> None:
        """Start a function. `on_end` learns how it ended; of a lost start, that it did not.

        `on_end_of_copy` learns that of each further delivery of the same.
        """
        world, watched = self._world, function in self._world.watched
        kind = None
        if watched and world.seam.is_open:
            kind = world.faults.at(f"start[{function}]", Family.DELIVERY, world.hub.now)
        if kind is Kind.LOST:
            world.hub.after(FUNCTIONS[function].lasts, lambda: on_end(NoAnswer()))
            return
        delay = DELIVERED_LATE if kind is Kind.LATE else 0.0
        world.hub.after(delay, lambda: self._start(function, event, tenant_id, on_end))
        if kind is Kind.DUPLICATE_DELIVERY:
            for _ in range(2):
                world.hub.after(0, lambda: self._start(function, event, tenant_id, on_end_of_copy))

    def _start(
        self, function: str, event: dict[str, Any], tenant_id: str | None, on_end: Callable[[object], object]
    ) -> None:
        world, free = self._world, self.idle[function]
        environment = free.pop() if free else Environment(world, function)
        handler, lasts = FUNCTIONS[function]
        is_watched = function in world.watched
        invocation = Invocation(world.hub, environment, lasts, tenant_id, is_watched=is_watched)
        self._invocations.append(invocation)
        invocation.start(handler, event, on_end)


class Queue:
    """An SQS queue that starts a function with one message at a time."""

    def __init__(self, world: "World", function: str) -> None:
        self._world = world
        self._function = function
        self._numbers = count(1)
        self.waiting: dict[int, str] = {}
        self._received: dict[int, int] = {}
        self.dead_letters: list[str] = []

    def send(self, body: dict[str, Any], delay: float) -> None:
        """Leave a message, to be seen after `delay` seconds."""
        if self._world.lose_messages:
            return
        number = next(self._numbers)
        self.waiting[number] = json.dumps(body)
        self._world.hub.after(delay + MESSAGE_TAKES, lambda: self._receive(number, 1))

    @property
    def seen(self) -> Iterator[str]:
        """How its messages look from outside, for the fingerprint."""
        yield from (f"{body} {self._received.get(number)}" for number, body in self.waiting.items())
        yield from self.dead_letters

    def redrive(self) -> None:
        """Operators send the dead letters back."""
        dead, self.dead_letters = self.dead_letters, []
        for body in dead:
            self.send(json.loads(body), 0)

    def _receive(self, number: int, times: int) -> None:
        if times > MAX_RECEIVES:
            self.dead_letters.append(self.waiting.pop(number))
            return
        body = self.waiting[number]
        self._received[number] = times
        received_at = self._world.hub.now

        def ended(answer: object) -> None:
            if isinstance(answer, dict) and not answer["batchItemFailures"]:
                self.waiting.pop(number, None)
            else:
                self._world.hub.at(received_at + VISIBILITY, lambda: self._receive(number, times + 1))

        event = {"Records": [{"messageId": str(number), "body": body}]}
        self._world.platform.start(self._function, event, json.loads(body).get("tenant_id"), ended)
