"""Runs by name: what a failure prints is what shows it again, such as `order:crm.create_order#1:late`."""

from typing import NamedTuple, Self

from tests.simulation.kernel.faults import Fault


class Spec(NamedTuple):
    """A workflow and the faults that it is to meet."""

    workflow: str
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return f"{self.workflow}:{'+'.join(str(fault) for fault in self.faults)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """From what `str` made. Raises `ValueError`."""
        workflow, _, faults = text.partition(":")
        return cls(workflow, tuple(Fault.read(fault) for fault in _parts(faults)))


def _parts(faults: str) -> list[str]:
    """Split at each `+` that follows a kind; there are others, within the names of points."""
    parts: list[str] = []
    for piece in faults.split("+"):
        if parts and ":" not in parts[-1]:
            parts[-1] += f"+{piece}"
        elif piece:
            parts.append(piece)
    return parts
