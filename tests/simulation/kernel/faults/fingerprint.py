"""What a world looks like at one instant, times aside: two runs that look alike go on alike.

Of each time in a record only counts whether it has come. What an invocation has in memory is told by how far
it has come and by what has gone wrong in it, so that two faults in one invocation never look like one.
"""

import re
from collections.abc import Iterator
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.simulation.kernel.platform.stores import LaggingRecords

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.world import World

_NOISE = re.compile(r'"history":\[[^]]*\]|"version":\d+|\d{8}T\d{6}Z(?:-[0-9a-f]+)?|\d+\.\d+(?=[,}])')
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[str, tuple[str, ...]]:
    """A record without what makes no difference, and the instants in it."""
    plain = _NOISE.sub("", text)
    return _INSTANT.sub("@", plain), tuple(_INSTANT.findall(plain))


class Fingerprint:
    """Of one world, at the instant at which it is called."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def __call__(self) -> int:
        world = self._world
        now = world.clock.now().astimezone(UTC).isoformat()
        return hash(
            (
                tuple(self._records(world.settings, now)),
                tuple(self._records(world.ledger, now)),
                tuple(self._books()),
                tuple(self._others(now)),
                tuple(sorted(seen for queue in world.queues.values() for seen in queue.seen)),
                tuple(sorted(world.platform.seen)),
                tuple(sorted(world.seam.to_come)),
            )
        )

    def _records(self, store: LaggingRecords, now: str) -> Iterator[tuple[str, str, tuple[bool, ...]]]:
        for key, text in store.texts():
            plain, instants = _read(text)
            yield _read(key.sort)[0], plain, tuple(instant <= now for instant in instants)

    def _others(self, now: str) -> Iterator[str]:
        """The vault, the winery's own password, and both sides of the schedules."""
        world = self._world
        for tenant_id, book in world.crms.items():
            yield f"{book.password} {world.vault.read(tenant_id)} {world.scheduler.get(tenant_id)}"
            yield f"{world.schedule_items.read(tenant_id)} {self._status(tenant_id, now)}"

    def _status(self, tenant_id: str, now: str) -> tuple[str, bool] | None:
        status = self._world.schedule_items.read_status(tenant_id)
        if status is None:
            return None
        next_run = status.next_run.isoformat() if status.next_run else now
        return status.model_dump_json(exclude={"checked_at", "next_run"}), next_run <= now

    def _books(self) -> Iterator[tuple[str, ...]]:
        for book in self._world.crms.values():
            yield tuple(sorted(f"{o.order_number} {o.total} {o.buyer.email}" for o in book.orders))
            yield tuple(sorted(customer.customer_id for customer in book.customers))
