"""Delays between retries: 10 s, 30 s, 2 min, 10 min, then hourly.

Why: docs/decisions.md#look-up-settled-orders-together
"""

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
    """The delay after so many failures in a row, at least one. `jitter`, 0 to 1, adds up to a quarter."""
    pause = _DELAYS[failures - 1] if failures <= len(_DELAYS) else HOURLY
    return add_jitter(pause, jitter)


def add_jitter(pause: timedelta, jitter: float) -> timedelta:
    """Up to a quarter longer, so that work that failed together isn't retried together."""
    return pause * (1 + _SPREAD * jitter)


def next_batch_at(times: Collection[datetime]) -> datetime:
    """The latest of the times within 30 s of the first one, so that one worker handles them all."""
    first = min(times)
    return max(at for at in times if at <= first + BATCH_WITHIN)
