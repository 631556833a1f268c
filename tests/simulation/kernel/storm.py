"""Faults drawn from a seed: many, anywhere, of every kind that applies, until the weather clears."""

from random import Random

from tests.simulation.kernel.faults import APPLICABLE, Faults, Kind, Met

FEWEST, MOST = 3, 12
"""Faults in one run."""
CALLS_WITHOUT = (5, 60)
"""So many calls go well between one fault and the next."""


class Storm(Faults):
    """One seed is one storm."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._draw = Random(seed)  # noqa: S311 - one seed must be one storm
        self._left = self._draw.randint(FEWEST, MOST)
        self._until_next = self._draw.randint(*CALLS_WITHOUT)

    def _kind(self, met: Met) -> Kind | None:
        self._until_next -= 1
        if self._until_next > 0 or not self._left:
            return None
        self._left -= 1
        self._until_next = self._draw.randint(*CALLS_WITHOUT)
        return self._draw.choice(sorted(APPLICABLE[met.family]))
