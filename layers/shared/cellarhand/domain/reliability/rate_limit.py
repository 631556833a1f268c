"""How often somebody may be asked about in a minute, so that nobody can try out addresses."""

from datetime import UTC, datetime

from cellarhand.domain.records import Key, Record, tenant_partition

WINDOW_SECONDS = 60


class RateLimitRecord(Record):
    """What was counted for one subject in one window of a minute; a new window is a new record.

    `subject`: `key:<key id>`, or `guest:<keyed hash>` of the address, id or name that was asked for.
    """

    tenant_id: str
    subject: str
    window: int
    count: int = 0

    @property
    def key(self) -> Key:
        """One per subject and window."""
        return rate_limit_key(self.tenant_id, self.subject, self.window)

    @property
    def expires_at(self) -> datetime:
        """When the window is over."""
        return datetime.fromtimestamp((self.window + 1) * WINDOW_SECONDS, UTC)


def rate_limit_key(tenant_id: str, subject: str, window: int) -> Key:
    """Where the count of a subject in a window is kept."""
    return Key(tenant_partition(tenant_id), f"RATE#{subject}#{window}")


def window_of(instant: datetime) -> int:
    """The number of the window that an instant lies in; windows are the minutes of UTC."""
    return int(instant.timestamp()) // WINDOW_SECONDS


def seconds_to_next(instant: datetime) -> int:
    """Whole seconds until the next window begins, at least one."""
    return WINDOW_SECONDS - int(instant.timestamp()) % WINDOW_SECONDS
