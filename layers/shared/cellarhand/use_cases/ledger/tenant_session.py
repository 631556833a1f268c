"""Working for one tenant at a time: under its lease, with its settings, at the rate that it allows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from cellarhand.domain.reliability.lease import ORDER_SYNC, Lease
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Deadline, Runtime
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls
from cellarhand.use_cases.crm.tenant_leases import TenantLeases

from .winery_context import WineryContext


class TenantSession(NamedTuple):
    """Stands while the lease is held."""

    winery: WineryContext
    lease: Lease
    calls: RateLimitedCalls


class TenantSessions:
    """For the work that shares the lease of order sync."""

    def __init__(self, settings: Records, leases: TenantLeases, runtime: Runtime) -> None:
        self._settings = settings
        self._leases = leases
        self._clock = runtime.clock
        self._workers = runtime.workers

    @contextmanager
    def open(
        self, tenant_id: str, deadline: Deadline, *, at_once: int | None = None
    ) -> Iterator[TenantSession | None]:
        """None while another worker holds the lease. `at_once`: calls; else as many as the winery allows."""
        winery = WineryContext(self._settings, tenant_id)
        lease = self._leases.take(tenant_id, ORDER_SYNC)
        if lease is None:
            yield None
            return
        allowance = winery.settings.crm_allowance
        calls = RateLimitedCalls(
            lease,
            allowance.order_rate,
            at_once or allowance.orders,
            deadline,
            self._clock,
            self._workers,
        )
        try:
            yield TenantSession(winery, lease, calls)
        finally:
            self._leases.release(lease, calls.bucket)
