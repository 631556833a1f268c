"""The settle time, and the four bounds that make "wait, then read" safe.

A write without a reply may still leave us until the platform ends the invocation (`sending`), be
executed by the CRM after that (`late_execution`), and stay invisible to a read for a while (`read_lag`); our
clocks may differ meanwhile (`clock_skew`). For each term left out, the protocol's model check finds a
counter-example.

Why: docs/decisions.md#a-lease-outlasts-clock-skew
"""

from datetime import timedelta
from typing import NamedTuple


class Timers(NamedTuple):
    """All in seconds. `crm_write` is the client's timeout for one write."""

    sending: float
    late_execution: float
    read_lag: float
    clock_skew: float
    crm_write: float

    @property
    def settle(self) -> timedelta:
        """How long after an intent its outcome can be read reliably."""
        return timedelta(seconds=self.sending + self.late_execution + self.read_lag + self.clock_skew)

    @property
    def lease(self) -> timedelta:
        """How long a runner's lease lasts: a worker's life, a margin, and the clock skew."""
        return timedelta(seconds=self.sending * 1.25 + self.clock_skew)
