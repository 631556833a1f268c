"""A token bucket that limits the background calls per second to a tenant's CRM.

In any span of time at most `burst + per_second * span` calls are sent. Tokens taken for calls not yet sent
still count against the burst; otherwise delayed calls could exceed it.

Why: docs/decisions.md#the-lease-holds-the-token-bucket
"""

from datetime import datetime
from typing import NamedTuple

from cellarhand.domain.models import FrozenModel

MIN_WAIT = 0.001
"""Seconds. Shorter waits are below the resolution of clocks."""


class TokenBucket(FrozenModel):
    """How many calls may be sent at once, as of an instant."""

    calls: float
    as_of: datetime

    def without(self, calls: int) -> "TokenBucket":
        """The bucket after this many tokens were taken. A negative number puts back unused ones."""
        return self.model_copy(update={"calls": self.calls - calls})


class CallRate(NamedTuple):
    """Calls `per_second`, and how many unused ones can accumulate (`burst`)."""

    per_second: float
    burst: float

    def full(self, now: datetime) -> TokenBucket:
        """A full bucket."""
        return TokenBucket(calls=self.burst, as_of=now)

    def refill(self, bucket: TokenBucket, now: datetime, *, not_sent: int) -> TokenBucket:
        """The bucket with the tokens added since. `not_sent`: tokens taken for calls not yet sent."""
        seconds = max(0.0, (now - bucket.as_of).total_seconds())
        calls = min(self.burst - not_sent, bucket.calls + seconds * self.per_second)
        return TokenBucket(calls=calls, as_of=max(now, bucket.as_of))

    def wait(self, bucket: TokenBucket, calls: int = 1) -> float:
        """Seconds until this many tokens can be available; 0 if they are."""
        return 0.0 if bucket.calls >= calls else max(MIN_WAIT, (calls - bucket.calls) / self.per_second)
