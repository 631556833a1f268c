"""Every port of one environment: its calls go through the seam, to the world that all environments share."""

from functools import cached_property
from typing import TYPE_CHECKING

from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.workers import Workers
from tests.simulation.kernel.ports.clock_ports import CrossingScheduleItems, CrossingSchedules
from tests.simulation.kernel.ports.crm_ports import CrossingGateways
from tests.simulation.kernel.ports.hint_ports import CrossingHints
from tests.simulation.kernel.ports.record_ports import CrossingRecords
from tests.simulation.kernel.ports.vault_ports import CrossingLogins

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.environment import MachineClock
    from tests.simulation.kernel.platform.world import World


class NoMetrics:
    """Fills `Metrics`."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Nobody looks."""


class WorldTokens:
    """Fills `Tokens` from the world's one source of chance."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def token(self, bits: int = 128) -> str:
        return f"{self._world.chance.getrandbits(bits):0{bits // 4}x}"

    def jitter(self) -> float:
        return self._world.chance.random()


class Ports:
    """Fills `Outside`."""

    def __init__(self, world: "World", clock: "MachineClock") -> None:
        self._world = world
        self.clock = clock
        self.tokens = WorldTokens(world)
        self.metrics = NoMetrics()

    @cached_property
    def settings(self) -> CrossingRecords:
        return CrossingRecords(self._world.seam, "settings", self._world.settings)

    @cached_property
    def ledger(self) -> CrossingRecords:
        return CrossingRecords(self._world.seam, "ledger", self._world.ledger)

    @cached_property
    def access(self) -> CrossingRecords:
        return CrossingRecords(self._world.seam, "access", self._world.access)

    @cached_property
    def audit(self) -> CrossingRecords:
        return CrossingRecords(self._world.seam, "audit", self._world.audit)

    @cached_property
    def logins(self) -> CrossingLogins:
        return CrossingLogins(self._world.seam, self._world.vault, self.clock)

    @cached_property
    def crm(self) -> CrossingGateways:
        return CrossingGateways(self._world.seam, self._world.crms, self.logins, self._world.timers)

    @cached_property
    def hints(self) -> CrossingHints:
        return CrossingHints(self._world.seam, self._world.queues)

    @cached_property
    def schedules(self) -> CrossingSchedules:
        return CrossingSchedules(self._world.seam, self._world.scheduler)

    @cached_property
    def schedule_items(self) -> CrossingScheduleItems:
        return CrossingScheduleItems(self._world.seam, self._world.schedule_items, self._world.tell_stream)

    @cached_property
    def workers(self) -> Workers:
        return self._world.variant.workers(self._world.hub)

    @property
    def timers(self) -> Timers:
        return self._world.variant.believed
