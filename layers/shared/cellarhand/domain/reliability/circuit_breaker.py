"""When to leave a sick CRM alone: the breaker of one tenant, shared by all processes.

Five failures within a minute open it for 30 s. Then one caller at a time may try; its success closes the
breaker, its failure keeps it open for another 30 s. A failure counts only if the process that met it was not
answered more often than failed of late: a busy CRM that fails now and then is not away.

A refused login opens it at once, and for longer each time, up to an hour: whoever tries a wrong password over
and over locks the winery's account. A new login, or a test of the login that works, closes it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from cellarhand.domain.errors import CrmBreakerOpenError, CrmError, CrmLoginRefusedError
from cellarhand.domain.records import Key, Record, tenant_partition

from .backoff import retry_delay

FAILURES_TO_OPEN = 5
WINDOW = timedelta(seconds=60)
OPEN = timedelta(seconds=30)
PROBE = timedelta(seconds=30)
"""After so long a probe without a result is given up: its process has died."""


class Phase(StrEnum):
    """What a caller may do."""

    CLOSED = "closed"
    OPEN = "open"
    TRIABLE = "triable"


class BreakerRecord(Record):
    """A tenant's breaker. `open_until` is absent while it is closed. `refusals`: of the login, in a row."""

    tenant_id: str
    failures: int = 0
    window_began: datetime | None = None
    open_until: datetime | None = None
    probe_until: datetime | None = None
    refusals: int = 0

    @property
    def key(self) -> Key:
        """One per tenant."""
        return breaker_key(self.tenant_id)

    def phase(self, now: datetime) -> Phase:
        """Closed, open, or open long enough for somebody to try."""
        if self.open_until is None:
            return Phase.CLOSED
        probing = self.probe_until is not None and now < self.probe_until
        return Phase.OPEN if now < self.open_until or probing else Phase.TRIABLE

    def after_failure(self, now: datetime, *, login_refused: bool) -> "BreakerRecord":
        """After a failed call. Stragglers of an open breaker do not keep it open."""
        if self.open_until is not None:
            return self
        if login_refused:
            return self._locked_out(now)
        within = self.window_began is not None and now < self.window_began + WINDOW
        failures = self.failures + 1 if within else 1
        changes = {
            "failures": failures,
            "window_began": self.window_began if within else now,
            "open_until": now + OPEN if failures >= FAILURES_TO_OPEN else None,
        }
        return self.model_copy(update=changes)

    def with_probe(self, now: datetime) -> "BreakerRecord":
        """With somebody trying."""
        return self.model_copy(update={"probe_until": now + PROBE})

    def after_failed_probe(self, now: datetime, *, login_refused: bool) -> "BreakerRecord":
        """After a probe that failed."""
        if login_refused:
            return self._locked_out(now)
        changes = {"open_until": now + OPEN, "probe_until": None, "refusals": 0}
        return self.model_copy(update=changes)

    def reset(self) -> "BreakerRecord":
        """As new."""
        fresh = BreakerRecord(tenant_id=self.tenant_id, version=self.version)
        return self if self == fresh else fresh

    def refusal(self) -> CrmError:
        """What a caller is told while it is open."""
        if self.refusals:
            return CrmLoginRefusedError("The CRM refuses the winery's login: enter it anew, or test it.")
        return CrmBreakerOpenError("The CRM keeps failing and is left alone a while.", self.open_until)

    def _locked_out(self, now: datetime) -> "BreakerRecord":
        refusals = self.refusals + 1
        pause = retry_delay(refusals, jitter=0)
        return self.model_copy(update={"open_until": now + pause, "probe_until": None, "refusals": refusals})


def breaker_key(tenant_id: str) -> Key:
    """Where a tenant's breaker lives in the ledger."""
    return Key(tenant_partition(tenant_id), "BREAKER#crm")
