"""A workflow to be simulated: a scene, what happens in it, and what must have come of it in the end."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from tests.simulation.kernel.people.people import Clockwork, Engine, People, Staff
from tests.simulation.kernel.platform.world import World

TENANT = "valley"
HALF_A_DAY = 43200.0


class Scene:
    """A world, and the people in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = People(world)
        self.engine = Engine(world, self.people)
        self.staff = Staff(world, self.people, self.engine)
        self.clockwork = Clockwork(world)
        self.last_act_at = 0.0

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        """Have something happen a while from now."""
        self.last_act_at = max(self.last_act_at, self.world.hub.now + seconds)
        self.world.hub.after(seconds, action)


def nothing(_: Scene) -> None:
    """No preparation is needed."""


@dataclass(frozen=True)
class Workflow:
    """`prepare` happens without faults, and has `prepared_for` seconds; `act` happens with them.

    It is broken off after it `lasts` so long (seconds): before looks into the books are due, by default.

    `orders`: how many orders each reservation (by its engine's number) may have in the end; those not named
    have what their newest snapshot wants if a run was started, and none if not; who cancelled may have one.
    `sent_in_vain`: how often its preparation sends one order in vain. `rounds_in_vain`: how many rounds of
    its run come to nothing without any fault; each one more makes it wait longer. What `is_drawn` goes
    another way with each seed, so that its points can't be counted.
    `watched`: the functions whose calls go wrong (none named: all but the sweeper). `judge` tells what else
    is wrong in the end.
    """

    name: str
    act: Callable[[Scene], object]
    prepare: Callable[[Scene], object] = nothing
    orders: Mapping[int, Collection[int]] = field(default_factory=dict)
    watched: Collection[str] = ()
    prepared_for: float = 3600.0
    lasts: float = HALF_A_DAY
    is_drawn: bool = False
    sent_in_vain: int = 0
    rounds_in_vain: int = 0
    judge: Callable[[Scene], list[str]] = lambda _: []
