"""Faults drawn from a seed: many, anywhere, of every kind that applies, until the weather clears."""

from random import Random

from tests.simulation.kernel.faults.faults import APPLICABLE, Family, Faults, Kind, Met

FEWEST, MOST = 3, 12
"""Faults in one run."""
CALM = (5, 90)
"""How much goes well between one fault and the next: calls, each by its weight."""
_WEIGHT = {Family.CRM_WRITE: 30, Family.CRM_READ: 4, Family.STORE_WRITE: 2}
"""Storms strike where most is at stake; every other call weighs 1."""


class Storm(Faults):
    """One seed is one storm."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._draw = Random(seed)  # noqa: S311 - one seed must be one storm
        self._left = self._draw.randint(FEWEST, MOST)
        self._calm = self._draw.randint(*CALM)

    def _kind(self, met: Met) -> Kind | None:
        self._calm -= _WEIGHT.get(met.family, 1)
        if self._calm > 0 or not self._left:
            return None
        self._left -= 1
        self._calm = self._draw.randint(*CALM)
        return self._draw.choice(sorted(APPLICABLE[met.family]))
