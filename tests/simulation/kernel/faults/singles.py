"""Every single fault: each point that a run without faults comes to, with each kind that applies there."""

from collections.abc import Iterable, Iterator

from tests.simulation.kernel.faults.faults import APPLICABLE, Fault, Met
from tests.simulation.kernel.faults.variant import AS_BUILT, Variant
from tests.simulation.kernel.people.workflow import Workflow
from tests.simulation.kernel.platform.run import Ran, run


def faults_at(points: Iterable[Met]) -> Iterator[Fault]:
    """All that may go wrong at these points."""
    for met in points:
        for kind in sorted(APPLICABLE[met.family]):
            yield Fault(met.point, kind)


def singles(workflow: Workflow, variant: Variant = AS_BUILT) -> Iterator[Ran]:
    """The run without faults, then one run for each single fault."""
    flawless = run(workflow, variant=variant)
    yield flawless
    for fault in faults_at(flawless.met):
        yield run(workflow, [fault], variant)
