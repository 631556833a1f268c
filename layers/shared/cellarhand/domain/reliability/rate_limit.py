"""Counts look-ups a minute, so that nobody can find out customers by trying e-mail addresses.

Why: docs/decisions.md#look-ups-are-limited-by-key-and-by-guest
"""

from datetime import UTC, datetime
from typing import Self

from cellarhand.domain.records import Key, Record, tenant_partition

WINDOW_SECONDS = 60


class RateLimitRecord(Record):
    """The count of one subject in one window of a minute. A new window is a new record.

    `subject`: `key:<key id>`, or `guest:<keyed hash>` of the e-mail, id or name that was looked up.
    """

    tenant_id: str
    subject: str
    window: int
    count: int = 0

    @property
    def key(self) -> Key:
        """One for each subject and window."""
        return rate_limit_key(self.tenant_id, self.subject, self.window)

    @property
    def expires_at(self) -> datetime:
        """The end of the window."""
        return datetime.fromtimestamp((self.window + 1) * WINDOW_SECONDS, UTC)

    def plus(self, requests: int) -> Self:
        """With so many more counted."""
        return self.model_copy(update={"count": self.count + requests})


def rate_limit_key(tenant_id: str, subject: str, window: int) -> Key:
    """The key of a subject's count in a window."""
    return Key(tenant_partition(tenant_id), f"RATE#{subject}#{window}")


def window_of(instant: datetime) -> int:
    """The number of the window of an instant. Windows are the minutes of UTC."""
    return int(instant.timestamp()) // WINDOW_SECONDS


def seconds_to_next(instant: datetime) -> int:
    """Whole seconds until the next window begins, at least one."""
    return WINDOW_SECONDS - int(instant.timestamp()) % WINDOW_SECONDS
