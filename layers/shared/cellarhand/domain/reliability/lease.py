"""The right to do one kind of work for a tenant for a limited time. The fence grows with every holder.

Why: docs/decisions.md#the-lease-holds-the-token-bucket,
docs/decisions.md#a-version-on-each-record-instead-of-a-lease
"""

from datetime import datetime, timedelta

from cellarhand.domain.records import Key, Record, tenant_partition

from .token_bucket import TokenBucket

ORDER_SYNC = "order_sync"


class Lease(Record):
    """Until when it is held. Safety comes from the settle time; the lease only avoids duplicate work.

    `bucket`: the tokens that the last holder left over. A holder that never released it counts as having left
    none.
    """

    tenant_id: str
    name: str
    fence: int = 0
    until: datetime | None = None
    bucket: TokenBucket | None = None

    @property
    def key(self) -> Key:
        """One for each kind of work of a tenant."""
        return lease_key(self.tenant_id, self.name)

    def is_free(self, now: datetime) -> bool:
        """Whether nobody holds it."""
        return self.until is None or self.until <= now

    def with_holder(self, now: datetime, life: timedelta) -> "Lease":
        """The lease, held for `life` with the next fence."""
        changes = {"fence": self.fence + 1, "until": now + life, "bucket": self._left_over(now)}
        return self.model_copy(update=changes)

    def _left_over(self, now: datetime) -> TokenBucket | None:
        """Empty after a holder that never released it. None if none is recorded: then it starts full."""
        if self.until is not None:
            return TokenBucket(calls=0, as_of=now)
        if self.bucket is None:
            return None
        return TokenBucket(calls=self.bucket.calls, as_of=min(self.bucket.as_of, now))

    def without_holder(self, bucket: TokenBucket | None) -> "Lease":
        """The lease, free at once. The fence stays."""
        return self.model_copy(update={"until": None, "bucket": bucket})


def lease_key(tenant_id: str, name: str) -> Key:
    """The key of a lease in the ledger."""
    return Key(tenant_partition(tenant_id), f"LEASE#{name}")
