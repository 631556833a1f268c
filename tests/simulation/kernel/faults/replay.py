"""Runs by name: what a failure prints is what shows it again.

`order:crm.create_order#1:late+ledger.get[Lease]#2:freeze` is a workflow with its faults, `storm:17` one with
everything drawn from a seed.
"""

from typing import NamedTuple, Self

from tests.simulation.kernel.faults.faults import Fault


class Spec(NamedTuple):
    """A workflow, and the faults that it is to meet: these, or those that a seed draws."""

    workflow: str
    faults: tuple[Fault, ...] = ()
    seed: int | None = None

    def __str__(self) -> str:
        drawn = "+".join(str(fault) for fault in self.faults) if self.seed is None else str(self.seed)
        return f"{self.workflow}:{drawn}"

    @classmethod
    def read(cls, text: str) -> Self:
        """From what `str` made. Raises `ValueError`."""
        workflow, _, drawn = text.partition(":")
        if drawn.isdigit():
            return cls(workflow, seed=int(drawn))
        return cls(workflow, tuple(Fault.read(fault) for fault in _parts(drawn)))


def _parts(faults: str) -> list[str]:
    """Split at each `+` that follows a kind; there are others, within the names of points."""
    parts: list[str] = []
    for piece in faults.split("+"):
        if parts and ":" not in parts[-1]:
            parts[-1] += f"+{piece}"
        elif piece:
            parts.append(piece)
    return parts
