"""What must hold after every run, judged by the CRMs' own books and by what the engine was answered."""

from tests.simulation.kernel.judge.justice import safety
from tests.simulation.kernel.judge.liveness import liveness
from tests.simulation.kernel.judge.second_looks import second_looks
from tests.simulation.kernel.judge.sums import sums
from tests.simulation.kernel.people.workflow import Scene, Workflow


def verdict(scene: Scene, workflow: Workflow) -> list[str]:
    """Everything that is wrong; nothing, if all is well."""
    return [
        *safety(scene),
        *liveness(scene, workflow),
        *second_looks(scene),
        *sums(scene, workflow),
        *workflow.judge(scene),
    ]
