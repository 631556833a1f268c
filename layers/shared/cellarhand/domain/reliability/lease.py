"""The right to work for one tenant for a while. Its fence grows with every holder and never goes back."""

from datetime import datetime, timedelta

from cellarhand.domain.records import Key, Record, tenant_partition

from .token_bucket import TokenBucket

ORDER_SYNC = "order_sync"


class Lease(Record):
    """Who may work until when. Safety comes from the settle time; the lease only saves double work.

    `bucket`: the calls that its last holder left over; a holder that never let go is taken to have left none.
    """

    tenant_id: str
    name: str
    fence: int = 0
    until: datetime | None = None
    bucket: TokenBucket | None = None

    @property
    def key(self) -> Key:
        """One per kind of work of a tenant."""
        return lease_key(self.tenant_id, self.name)

    def is_free(self, now: datetime) -> bool:
        """Whether nobody holds it."""
        return self.until is None or self.until <= now

    def with_holder(self, now: datetime, life: timedelta) -> "Lease":
        """Held by its taker for `life`, under the next fence."""
        changes = {"fence": self.fence + 1, "until": now + life, "bucket": self._left_over(now)}
        return self.model_copy(update=changes)

    def _left_over(self, now: datetime) -> TokenBucket | None:
        """Empty after a holder that never let go. None: there is no telling, nor any need."""
        if self.until is not None:
            return TokenBucket(calls=0, as_of=now)
        if self.bucket is None:
            return None
        return TokenBucket(calls=self.bucket.calls, as_of=min(self.bucket.as_of, now))

    def without_holder(self, bucket: TokenBucket | None) -> "Lease":
        """Free at once; the fence stays."""
        return self.model_copy(update={"until": None, "bucket": bucket})


def lease_key(tenant_id: str, name: str) -> Key:
    """Where a lease lives."""
    return Key(tenant_partition(tenant_id), f"LEASE#{name}")
