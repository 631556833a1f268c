"""What a campaign has done: runs and faults by workflow, what never happened, what is wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.simulation.kernel.faults.faults import APPLICABLE, Fault, Kind, Met
from tests.simulation.kernel.platform.run import Ran


class Done(NamedTuple):
    """One run, as small as it can travel between processes."""

    fired: list[Kind]
    events: int
    wrong: str | None

    @classmethod
    def of(cls, ran: Ran) -> "Done":
        """Without what it came to."""
        return cls([fault.kind for fault in ran.fired], len(ran.met), ran.told if ran.violations else None)


@dataclass
class Tally:
    """Counts of one workflow in one mode. `left_out`: pairs that would go on like another."""

    runs: int = 0
    events: int = 0
    left_out: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, done: Done) -> None:
        """Count one run in."""
        self.runs += 1
        self.events += done.events
        self.fired.update(str(kind) for kind in done.fired)
        if done.wrong:
            self.wrong.append(done.wrong)

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        return {
            "runs": self.runs,
            "events": self.events,
            "left_out_as_alike": self.left_out,
            "faults_fired": dict(sorted(self.fired.items())),
            "violations": self.wrong,
        }


def never_fired(flawless: Iterable[Met], fired: Iterable[Fault]) -> list[str]:
    """Whatever could have gone wrong where a flawless run comes to, and never did."""
    possible = {Fault(met.point, kind) for met in flawless for kind in APPLICABLE[met.family]}
    return sorted(f"{fault} never fired" for fault in possible - set(fired))
