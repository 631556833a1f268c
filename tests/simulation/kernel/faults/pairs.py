"""Every pair of faults: the second wherever the run with the first still comes to, recovery above all.

Left out are those whose second fault meets a world that looks like one which it has met already (see
`fingerprint`), and does there what another has done: the run would go on as that one did.
"""

from collections.abc import Iterable, Iterator

from tests.simulation.kernel.faults.faults import APPLICABLE, Fault, effect
from tests.simulation.kernel.platform.run import Ran

type Meeting = tuple[int, str]


def meetings(ran: Ran) -> Iterator[tuple[Meeting, Fault]]:
    """What may go wrong in a fingerprinted run after everything that did, and in what world it would."""
    first = ran.spec.faults[-1].point if ran.spec.faults else None
    points = iter(ran.met)
    if first is not None:
        for met in points:
            if met.point == first:
                break
    for met in points:
        for kind in sorted(APPLICABLE[met.family]):
            if done := effect(met.family, kind):
                yield (met.state, done), Fault(met.point, kind)


def new_pairs(runs: Iterable[Ran], known: set[Meeting]) -> Iterator[tuple[Fault, ...]]:
    """Those that are not `known`; they are from now on."""
    for ran in runs:
        for meeting, fault in meetings(ran):
            if meeting not in known:
                known.add(meeting)
                yield (*ran.spec.faults, fault)
