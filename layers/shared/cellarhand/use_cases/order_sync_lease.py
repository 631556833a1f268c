"""The tenant's lease on order sync: one runner at a time, each under a higher fence than the one before."""

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.lease import ORDER_SYNC, Lease, lease_key
from cellarhand.domain.timers import Timers
from cellarhand.ports import Clock, Records


class OrderSyncLease:
    """Taken for a worker's life and a margin; never renewed."""

    def __init__(self, ledger: Records, clock: Clock, timers: Timers) -> None:
        self._ledger = ledger
        self._clock = clock
        self._timers = timers

    def take(self, tenant_id: str) -> Lease | None:
        """None: another runner holds it, and will find whatever is due when it is through."""
        now = self._clock.now()
        lease = self._ledger.get(Lease, lease_key(tenant_id, ORDER_SYNC))
        lease = lease or Lease(tenant_id=tenant_id, name=ORDER_SYNC)
        if not lease.is_free(now):
            return None
        try:
            return self._ledger.save(lease.taken(now, self._timers.lease))
        except StaleRecordError:
            return None

    def release(self, lease: Lease) -> None:
        """Let the next one in at once. Nothing happens if it ran out and was taken."""
        try:
            self._ledger.save(lease.released())
        except StaleRecordError:
            return
