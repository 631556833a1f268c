"""A winery with a backlog, worked off by the real runner and real threads, over a store in memory."""

import time
from typing import Any

from benchmarks.order_syncs.timed_crm import SKU
from cellarhand.adapters.system import SystemClock, Threads
from cellarhand.bootstrap import order_sync
from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.tenants.event import EventRecord
from cellarhand.domain.tenants.settings import CrmAllowance, Settings
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeCrmGateways, FakeOutside
from tests.fakes.tenants import take_on
from tests.unit.order_sync.given import EVENT, reservation

STORE_SECONDS = 0.004
"""What a request to DynamoDB takes from within its region, about."""


class FarRecords:
    """Fills `Records`: another table, as far away as DynamoDB is."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._records, name)

        def request(*arguments: Any, **named: Any) -> Any:
            time.sleep(STORE_SECONDS)
            return method(*arguments, **named)

        return request


class Until:
    """Fills `Deadline`."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def seconds_left(self) -> float:
        return self._ends - time.monotonic()


class LiveWinery:
    """`enter` before its runner works: the process has one outside world at a time."""

    def __init__(self, crm: InMemoryCrm, allowance: CrmAllowance) -> None:
        self.crm = crm
        self.world = FakeOutside(clock=SystemClock(), crm=FakeCrmGateways(crm))  # type: ignore[arg-type]
        self.world.workers = Threads()
        self._near = self.world.ledger
        take_on(self.world.settings, decided=Settings(crm_allowance=allowance))
        event = EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT.model_copy(update={"sku": SKU}))
        self.world.settings.save(event)
        self.world.ledger = FarRecords(self._near)  # type: ignore[assignment]

    def book(self, count: int) -> None:
        """So many paid visits whose orders wait."""
        visit: Snapshot = reservation().snapshot
        for number in range(count):
            self._near.save(reservation(f"r-{number:06d}", tenant_id=TENANT, snapshot=visit))

    def work_off(self, invocation_seconds: float = 60) -> float:
        """Drain until every order is there; answers the seconds that it took."""
        run_in(self.world)
        run = order_sync.start_run()(TENANT, Selection(scheduled=False), "benchmark")
        began = time.monotonic()
        while not order_sync.list_runs().details(TENANT, run.run_id).finished_at:
            order_sync.process_runs()(TENANT, Until(invocation_seconds))
        took = time.monotonic() - began
        run_in(None)
        return took
