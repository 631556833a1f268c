"""The two queues: what was left there may come late, twice, in any order, or never."""

import json
from typing import Any, NamedTuple

from tests.fakes.time import FakeClock
from tests.simulation.stateful.stores import Touch

MAX_DELAY = 900.0
VISIBILITY = 360.0
MAX_RECEIVES = 5
REMEMBERED = 6


class Message(NamedTuple):
    """A hint on its way to a function, and how often it was received."""

    function: str
    tenant_id: str
    body: str
    visible_at: float
    receives: int = 0


class Queues:
    """Fills `Hints`."""

    def __init__(self, clock: FakeClock, touch: Touch) -> None:
        self._clock = clock
        self._touch = touch
        self.waiting: list[Message] = []
        self.done: list[Message] = []
        self.dead: list[Message] = []
        self.told: list[str] = []

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:
        self._leave("customer_upsert_retry", tenant_id, {"reservation_ids": reservation_ids}, delay)

    def login_repaired(self, tenant_id: str) -> None:
        self._leave("customer_upsert_retry", tenant_id, {"reservation_ids": [], "login_repaired": True}, 0)

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        self._leave("order_sync_runner", tenant_id, {}, delay)

    def visible(self) -> list[Message]:
        """What may be received now."""
        return [message for message in self.waiting if message.visible_at <= self._clock.monotonic()]

    def take(self, message: Message) -> None:
        """It is being received, or lost."""
        self.waiting.remove(message)

    def worked_off(self, message: Message) -> None:
        """Its function said so; it may come again all the same."""
        self.done = [*self.done, message][-REMEMBERED:]

    def failed(self, message: Message) -> None:
        """It comes back, until it is a dead letter."""
        receives = message.receives + 1
        back = message._replace(visible_at=self._clock.monotonic() + VISIBILITY, receives=receives)
        (self.dead if receives >= MAX_RECEIVES else self.waiting).append(back)

    def redrive(self) -> None:
        """Operators send the dead letters back."""
        dead, self.dead = self.dead, []
        self.waiting += [message._replace(receives=0) for message in dead]

    def message(self, function: str, tenant_id: str, work: dict[str, Any]) -> Message:
        """As it would stand in the queue now."""
        text = json.dumps({"tenant_id": tenant_id, **work})
        return Message(function, tenant_id, text, self._clock.monotonic())

    def _leave(self, function: str, tenant_id: str, work: dict[str, Any], delay: float) -> None:
        self._touch.check(tenant_id, "a queue")
        message = self.message(function, tenant_id, work)
        self.told.append(message.body)
        self.waiting.append(message._replace(visible_at=message.visible_at + min(delay, MAX_DELAY)))
