"""An environment of a function, as Lambda keeps them: a process and its caches, a machine and its clock."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Process
from tests.simulation.kernel.ports.ports import Ports

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.hub import Hub
    from tests.simulation.kernel.platform.world import World

BEGINNING = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)
"""A Saturday noon; the simulation's second 0."""


class MachineClock:
    """Fills `Clock`. `ahead`: seconds by which this machine's clock is wrong."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self.ahead = 0.0

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self._hub.now + self.ahead)

    def monotonic(self) -> float:
        return self._hub.now


class Environment:
    """Used for one invocation at a time, and again while it lives."""

    def __init__(self, world: "World", function: str) -> None:
        self.world = world
        self.function = function
        self.clock = MachineClock(world.hub)
        self.process = Process(Ports(world, self.clock))

    def ended(self, *, is_alive: bool) -> None:
        """Its invocation is over, with nothing of it left: it is free, or gone."""
        if is_alive:
            self.world.platform.idle[self.function].append(self)
