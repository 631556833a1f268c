"""The right to work for one tenant for a while. Its fence grows with every holder and never goes back."""

from datetime import datetime, timedelta

from .records import Key, Record, tenant_partition

ORDER_SYNC = "order_sync"


class Lease(Record):
    """Who may work until when. Safety comes from the settle time; the lease only saves double work."""

    tenant_id: str
    name: str
    fence: int = 0
    until: datetime | None = None

    @property
    def key(self) -> Key:
        """One per kind of work of a tenant."""
        return lease_key(self.tenant_id, self.name)

    def is_free(self, now: datetime) -> bool:
        """Whether nobody holds it."""
        return self.until is None or self.until <= now

    def taken(self, now: datetime, life: timedelta) -> "Lease":
        """Held by its taker for `life`, under the next fence."""
        return self.model_copy(update={"fence": self.fence + 1, "until": now + life})

    def released(self) -> "Lease":
        """Free at once; the fence stays."""
        return self.model_copy(update={"until": None})


def lease_key(tenant_id: str, name: str) -> Key:
    """Where a lease lives."""
    return Key(tenant_partition(tenant_id), f"LEASE#{name}")
