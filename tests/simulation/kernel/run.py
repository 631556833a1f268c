"""One run of one workflow, with the faults that it is to meet."""

from collections.abc import Collection
from typing import NamedTuple

from tests.simulation.kernel.faults import Fault, Faults, Met
from tests.simulation.kernel.judge import ENDLESS, verdict
from tests.simulation.kernel.variant import AS_BUILT, Variant
from tests.simulation.kernel.workflow import Scene, Workflow
from tests.simulation.kernel.world import World

AN_HOUR = 3600.0


class Ran(NamedTuple):
    """What a run came to (`met`), which faults happened, and what is wrong in the end."""

    workflow: str
    planned: tuple[Fault, ...]
    met: list[Met]
    fired: list[Fault]
    violations: list[str]

    @property
    def spec(self) -> str:
        """What replays it: `make simulate REPLAY='<spec>'`."""
        return ":".join([self.workflow, "+".join(str(fault) for fault in self.planned)])

    @property
    def told(self) -> str:
        """What is wrong, and the one command that shows it again."""
        return f"make simulate REPLAY='{self.spec}'  # {'; '.join(self.violations)}"


def run(workflow: Workflow, planned: Collection[Fault] = (), variant: Variant = AS_BUILT) -> Ran:
    """Simulate from the first preparation to the end of everything."""
    faults = Faults(planned)
    world = World(faults, workflow.watched, variant)
    scene = Scene(world)
    with world.log.listening():
        workflow.prepare(scene)
        world.hub.run(AN_HOUR)
        world.seam.is_open = True
        began = world.hub.now
        workflow.act(scene)
        world.hub.run(began + ENDLESS)
    violations = verdict(scene, workflow, began)
    violations += [f"{fault} never happened" for fault in planned if fault not in faults.fired]
    return Ran(workflow.name, tuple(planned), faults.met, faults.fired, violations)
