"""One run of one workflow, with the faults that it is to meet."""

from collections.abc import Collection
from typing import NamedTuple

from tests.simulation.kernel.faults.faults import Fault, Faults, Met
from tests.simulation.kernel.faults.fingerprint import Fingerprint
from tests.simulation.kernel.faults.replay import Spec
from tests.simulation.kernel.faults.storm import FEWEST, Storm
from tests.simulation.kernel.faults.variant import AS_BUILT, Variant
from tests.simulation.kernel.judge.judge import verdict
from tests.simulation.kernel.people.workflow import Scene, Workflow
from tests.simulation.kernel.platform.world import World


class Ran(NamedTuple):
    """What a run came to (`met`), which faults happened, and what is wrong in the end."""

    spec: Spec
    met: list[Met]
    fired: list[Fault]
    violations: list[str]

    @property
    def told(self) -> str:
        """What is wrong, and the one command that shows it again."""
        return f"make simulate REPLAY='{self.spec}'  # {'; '.join(self.violations)}"


def run(
    workflow: Workflow,
    planned: Collection[Fault] = (),
    variant: Variant = AS_BUILT,
    *,
    seed: int | None = None,
    fingerprinted: bool = False,
) -> Ran:
    """Simulate from the first preparation to the end of everything.

    A `seed` draws the faults, and who comes first where several might. With fingerprints it takes longer.
    """
    faults = Faults(planned) if seed is None else Storm(seed)
    ends_at = workflow.prepared_for + workflow.lasts
    world = World(
        faults, workflow.watched, variant, ends_at=ends_at, seed=seed or 0, shuffle=seed is not None
    )
    if fingerprinted:
        faults.fingerprint = Fingerprint(world)
    scene = Scene(world)
    _play(workflow, scene, ends_at)
    violations = verdict(scene, workflow)
    violations += [f"{fault} never happened" for fault in planned if fault not in faults.fired]
    if seed is not None and len(faults.fired) < FEWEST:
        violations.append(f"it was no storm, with {len(faults.fired)} faults")
    return Ran(Spec(workflow.name, tuple(planned), seed), faults.met, faults.fired, violations)


def _play(workflow: Workflow, scene: Scene, ends_at: float) -> None:
    hub, seam = scene.world.hub, scene.world.seam
    with scene.world.log.listening():
        workflow.prepare(scene)
        hub.run(workflow.prepared_for)
        hub.now = max(hub.now, workflow.prepared_for)
        seam.is_open = True
        scene.after(0, lambda: workflow.act(scene))
        hub.run(ends_at)
