"""The four bounds that make "wait, then read" safe, and the settle time they add up to.

A write whose reply is missing may still leave us until the platform ends the invocation (`sending`), be
executed by the CRM after that (`late_execution`), and stay invisible to a read for a while (`read_lag`); our
clocks may disagree meanwhile (`clock_skew`). Leaving any term out has a counter-example, which the protocol's
model check finds.
"""

from datetime import timedelta
from typing import NamedTuple


class Timers(NamedTuple):
    """All in seconds. `crm_write` is the client's time-out of one write."""

    sending: float
    late_execution: float
    read_lag: float
    clock_skew: float
    crm_write: float

    @property
    def settle(self) -> timedelta:
        """How long after an intent its outcome can be read and believed."""
        return timedelta(seconds=self.sending + self.late_execution + self.read_lag + self.clock_skew)

    @property
    def lease(self) -> timedelta:
        """How long a runner's lease lasts: a worker's life, a margin, and a clock that is ahead."""
        return timedelta(seconds=self.sending * 1.25 + self.clock_skew)
