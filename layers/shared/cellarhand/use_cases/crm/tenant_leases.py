"""A tenant's leases on background work: one holder at a time, each with a higher fence than the one before.

Why: docs/decisions.md#a-lease-outlasts-clock-skew
"""

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.reliability.lease import Lease, lease_key
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reliability.token_bucket import TokenBucket
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock


class TenantLeases:
    """A lease lasts for a worker's life and a margin, and is never renewed."""

    def __init__(self, ledger: Records, clock: Clock, timers: Timers) -> None:
        self._ledger = ledger
        self._clock = clock
        self._timers = timers

    def take(self, tenant_id: str, *names: str) -> Lease | None:
        """Take the first of these leases that is free; None if others hold them all."""
        taken = (self._take(tenant_id, name) for name in names)
        return next((lease for lease in taken if lease), None)

    def release(self, lease: Lease, bucket: TokenBucket | None) -> None:
        """Free the lease, with the tokens left over. Does nothing if another holder has taken it."""
        try:
            self._ledger.save(lease.without_holder(bucket))
        except StaleRecordError:
            return

    def _take(self, tenant_id: str, name: str) -> Lease | None:
        now = self._clock.now()
        stored = self._ledger.get(Lease, lease_key(tenant_id, name))
        lease = stored or Lease(tenant_id=tenant_id, name=name)
        if not lease.is_free(now):
            return None
        try:
            return self._ledger.save(lease.with_holder(now, self._timers.lease))
        except StaleRecordError:
            return None
