"""How many calls a second a tenant's CRM is sent in the background: a bucket that fills with time.

In any span of time at most `burst + per_second * span` calls leave. One that was taken from the bucket and
has not left yet still takes up its room, or else calls that were held up would come on top of a full bucket.
"""

from datetime import datetime
from typing import NamedTuple

from cellarhand.domain.models import FrozenModel

MIN_WAIT = 0.001
"""Seconds; less is below what clocks tell apart."""


class TokenBucket(FrozenModel):
    """How many calls may leave at once, as of an instant."""

    calls: float
    as_of: datetime

    def without(self, calls: int) -> "TokenBucket":
        """After so many were taken; a negative number puts back what is not made after all."""
        return self.model_copy(update={"calls": self.calls - calls})


class CallRate(NamedTuple):
    """Calls `per_second`, and how many of them can be saved up."""

    per_second: float
    burst: float

    def full(self, now: datetime) -> TokenBucket:
        """After a rest long enough."""
        return TokenBucket(calls=self.burst, as_of=now)

    def refill(self, bucket: TokenBucket, now: datetime, *, not_sent: int) -> TokenBucket:
        """With what has run in since, `not_sent` calls being taken and not on their way yet."""
        seconds = max(0.0, (now - bucket.as_of).total_seconds())
        calls = min(self.burst - not_sent, bucket.calls + seconds * self.per_second)
        return TokenBucket(calls=calls, as_of=max(now, bucket.as_of))

    def wait(self, bucket: TokenBucket, calls: int = 1) -> float:
        """Seconds until there may be so many to take; 0: there are."""
        return 0.0 if bucket.calls >= calls else max(MIN_WAIT, (calls - bucket.calls) / self.per_second)
