"""The circuit breaker of one tenant's CRM, shared by all processes.

Five failures within a minute open it for 30 s. Then one caller at a time may probe: its success closes the
breaker, its failure keeps it open for another 30 s. A failure counts only if most recent calls of the same
process did not succeed: a busy CRM that fails now and then is not down.

A refused login opens it at once, and for longer each time, up to an hour: repeated attempts with a wrong
password would lock the winery's account. A new login, or a successful test of the login, closes it.

Why: docs/decisions.md#a-refused-login-opens-the-breaker-longer-each-time
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
"""A probe without a result for this long is abandoned: its process has died."""


class Phase(StrEnum):
    """What a caller may do."""

    CLOSED = "closed"
    OPEN = "open"
    TRIABLE = "triable"


class BreakerRecord(Record):
    """A tenant's breaker. `open_until` is None while it is closed. `refusals`: consecutive refused logins."""

    tenant_id: str
    failures: int = 0
    window_began: datetime | None = None
    open_until: datetime | None = None
    probe_until: datetime | None = None
    refusals: int = 0

    @property
    def key(self) -> Key:
        """One for each tenant."""
        return breaker_key(self.tenant_id)

    def phase(self, now: datetime) -> Phase:
        """Closed, open, or open for so long that a probe is allowed (`TRIABLE`)."""
        if self.open_until is None:
            return Phase.CLOSED
        probing = self.probe_until is not None and now < self.probe_until
        return Phase.OPEN if now < self.open_until or probing else Phase.TRIABLE

    def after_failure(self, now: datetime, *, login_refused: bool) -> "BreakerRecord":
        """The breaker after a failed call. Calls that began before it opened don't keep it open."""
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
        """The breaker while a probe is on its way."""
        return self.model_copy(update={"probe_until": now + PROBE})

    def after_failed_probe(self, now: datetime, *, login_refused: bool) -> "BreakerRecord":
        """The breaker after a failed probe."""
        if login_refused:
            return self._locked_out(now)
        changes = {"open_until": now + OPEN, "probe_until": None, "refusals": 0}
        return self.model_copy(update=changes)

    def reset(self) -> "BreakerRecord":
        """The breaker, closed and without failures."""
        fresh = BreakerRecord(tenant_id=self.tenant_id, version=self.version)
        return self if self == fresh else fresh

    def refusal(self) -> CrmError:
        """The error of calls while it is open."""
        if self.refusals:
            return CrmLoginRefusedError("The CRM refuses the winery's login: enter it again, or test it.")
        return CrmBreakerOpenError(
            "The CRM keeps failing; calls to it are paused for a while.", self.open_until
        )

    def _locked_out(self, now: datetime) -> "BreakerRecord":
        refusals = self.refusals + 1
        pause = retry_delay(refusals, jitter=0)
        return self.model_copy(update={"open_until": now + pause, "probe_until": None, "refusals": refusals})


def breaker_key(tenant_id: str) -> Key:
    """The key of a tenant's breaker in the ledger."""
    return Key(tenant_partition(tenant_id), "BREAKER#crm")
