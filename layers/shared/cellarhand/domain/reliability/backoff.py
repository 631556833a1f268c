"""How long what failed for a passing reason waits: 10 s, 30 s, 2 min, 10 min, then hourly."""

from collections.abc import Collection
from datetime import datetime, timedelta

BATCH_WITHIN = timedelta(seconds=30)
HOURLY = timedelta(hours=1)
_DELAYS = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
_SPREAD = 0.25


def retry_delay(failures: int, jitter: float) -> timedelta:
    """The pause after so many failures (1: the first), up to a quarter longer as `jitter` (0 to 1) says."""
    pause = _DELAYS[failures - 1] if failures <= len(_DELAYS) else HOURLY
    return add_jitter(pause, jitter)


def add_jitter(pause: timedelta, jitter: float) -> timedelta:
    """Up to a quarter longer, so that what failed together does not come back together."""
    return pause * (1 + _SPREAD * jitter)


def next_batch_at(times: Collection[datetime]) -> datetime:
    """When the first of these is due and those that closely follow it: one worker does for all of them."""
    first = min(times)
    return max(at for at in times if at <= first + BATCH_WITHIN)
