"""A world for many wineries at once: tables with real indexes, and no more invocations than there are."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any

from tests.simulation.crowd.indexed_records import IndexedRecords
from tests.simulation.kernel.faults.faults import Faults
from tests.simulation.kernel.platform.invocation import NoAnswer
from tests.simulation.kernel.platform.platform import Platform
from tests.simulation.kernel.platform.world import World

QUEUED = frozenset({"order_sync_runner", "customer_upsert_retry"})
PRODUCTION: Mapping[str, int] = defaultdict(lambda: 30, order_sync_runner=50, customer_upsert_retry=20)
"""Invocations of each function as `make deploy` sets them. Beside the queues', 30 are left of the 100
that AWS keeps unreserved; the guests' functions have more than that reserved."""
NOTHING_RESERVED: Mapping[str, int] = defaultdict(lambda: 6, order_sync_runner=2, customer_upsert_retry=2)
"""With InteractiveConcurrency=0, on an account that has ten in all: what the queues leave to the others."""

type Start = Callable[[], object]


class FairPlatform(Platform):
    """Serves the tenants of a queue in turn, as fair queues do for messages with a group each.

    A request beyond `most_at_once` is turned away, a message waits.
    """

    def __init__(self, world: World, most_at_once: Mapping[str, int]) -> None:
        super().__init__(world)
        self._most = most_at_once
        self._waiting: defaultdict[str, dict[str | None, deque[Start]]] = defaultdict(dict)
        self._running: defaultdict[str, int] = defaultdict(int)

    def start(
        self,
        function: str,
        event: dict[str, Any],
        tenant_id: str | None,
        on_end: Callable[[object], object] = lambda _: None,
    ) -> None:
        if function not in QUEUED and self._running[function] >= self._most[function]:
            on_end(NoAnswer())
            return

        def ended(answer: object) -> None:
            self._running[function] -= 1
            on_end(answer)
            self._next(function)

        def start() -> None:
            self._running[function] += 1
            super(FairPlatform, self).start(function, event, tenant_id, ended)

        self._waiting[function].setdefault(tenant_id, deque()).append(start)
        self._next(function)

    def _next(self, function: str) -> None:
        waiting = self._waiting[function]
        if not waiting or self._running[function] >= self._most[function]:
            return
        tenant_id = next(iter(waiting))
        starts = waiting.pop(tenant_id)
        start = starts.popleft()
        if starts:
            waiting[tenant_id] = starts
        start()


class CrowdWorld(World):
    """Nothing of it goes wrong by a plan; its CRMs may."""

    def __init__(self, seed: int = 0, most_at_once: Mapping[str, int] = PRODUCTION) -> None:
        super().__init__(Faults(), seed=seed)
        self.platform = FairPlatform(self, most_at_once)
        self.called_at: defaultdict[str, list[float]] = defaultdict(list)

    def watch(self, tenant_id: str) -> None:
        """Note when this winery's CRM is called."""
        self.crms[tenant_id]._before_call = lambda _: self.called_at[tenant_id].append(self.hub.now)

    def _table(self) -> IndexedRecords:  # type: ignore[override]
        return IndexedRecords(self.clock, self._written)
