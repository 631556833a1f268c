"""A winery with its CRM and a runner, in memory; time moves only when a test says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.orders.order import Order
from cellarhand.domain.reliability.lease import ORDER_SYNC, Lease
from cellarhand.domain.reliability.token_bucket import CallRate
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.event import EventRecord
from cellarhand.domain.tenants.settings import SettingsRecord
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from cellarhand.ports.records import Records
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls
from cellarhand.use_cases.crm.tenant_leases import TenantLeases
from cellarhand.use_cases.ledger.tenant_session import TenantSessions
from cellarhand.use_cases.order_sync.decide_order import DecideOrder
from cellarhand.use_cases.order_sync.list_runs import ListRuns
from cellarhand.use_cases.order_sync.preview_orders import Preview, PreviewOrders
from cellarhand.use_cases.order_sync.process_runs import ProcessRuns, RunEndings
from cellarhand.use_cases.order_sync.recheck_created_guest import RecheckCreatedGuest
from cellarhand.use_cases.order_sync.record_intent import RecordIntent
from cellarhand.use_cases.order_sync.run_batch import RunBatch
from cellarhand.use_cases.order_sync.run_store import RunQueue, RunStore
from cellarhand.use_cases.order_sync.send_order import SendOrder
from cellarhand.use_cases.order_sync.start_run import StartRun, StartScheduledRun
from cellarhand.use_cases.order_sync.sync_order import SyncOrder
from cellarhand.use_cases.reconciliation.plan_checks import PlanChecks
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.outside import FakeOutside
from tests.fakes.workers import OneByOne
from tests.unit.order_sync.given import EVENT, NOW, SETTINGS, SKUS, TENANT, ZONE, reservation

STAFF = Caller(key_id="staff-key", role=Role.STAFF, tenant_id=TENANT)
EVERYTHING = Selection(from_date=date(2026, 1, 1))


class TimeLeft:
    """A deadline that a test moves."""

    def __init__(self, seconds: float = 60) -> None:
        self.seconds = seconds

    def seconds_left(self) -> float:
        return self.seconds


@dataclass
class Told:
    """What of a run's end tests look at."""

    state: str
    counts: dict[str, int]
    reasons: dict[str, int]
    money: int
    results: dict[str, tuple[str | None, str | None]]


class Winery:
    """Everything that order sync is made of, around one in-memory CRM whose book is the judge."""

    def __init__(self, *, threads: bool = False, crm: InMemoryCrm | None = None, **settings: Any) -> None:
        self.outside = FakeOutside()
        self.clock = self.outside.clock
        self.crm = crm or InMemoryCrm(skus=SKUS, now=self.clock.now)
        self.outside.crm.crm = self.crm
        self.failures = self.outside.failures
        if not threads:
            self.outside.workers = OneByOne(self.clock)
        self._take_on(settings)

    @property
    def ledger(self) -> Records:
        return self.outside.ledger

    @property
    def orders(self) -> list[Order]:
        """The CRM's book."""
        return self.crm.orders

    @property
    def numbers(self) -> list[int]:
        """The order numbers in the CRM's book."""
        return sorted(order.order_number.number for order in self.orders)

    def keep(self, *records: ReservationRecord) -> None:
        for record in records:
            self.ledger.save(record)

    def keep_many(self, count: int, **changes: Any) -> list[str]:
        ids = [f"r-{number:03d}" for number in range(1, count + 1)]
        self.keep(*(reservation(id_, **changes) for id_ in ids))
        return ids

    def start(self, selection: Selection = EVERYTHING, key: str | None = None) -> SyncRun:
        return self.starter()(TENANT, selection, "staff-key", key)

    def starter(self) -> StartRun:
        return StartRun(self.ledger, self.runs(), self.outside.hints, self.clock, self.outside.tokens)

    def start_scheduled(self) -> SyncRun | None:
        start = StartScheduledRun(self.outside.settings, self.outside.schedule_items, self.starter())
        return start(TENANT, self.clock.now())

    def drain(self, deadline: TimeLeft | None = None, ledger: Records | None = None) -> None:
        self.runner(ledger)(TENANT, deadline or TimeLeft())

    def drain_until_over(self, run: SyncRun, rounds: int = 40) -> None:
        """Drain whenever something is due, as hints and sweeper would."""
        for _ in range(rounds):
            self.drain()
            current = self.run(run)
            if current.is_over or current.due is None:
                return
            self.clock.advance(seconds=max(0, (current.due - self.clock.now()).total_seconds()))
        raise AssertionError("the run does not end")

    def sync(self, selection: Selection = EVERYTHING) -> Told:
        run = self.start(selection)
        self.drain_until_over(run)
        return self.told(run)

    def follow_up(self, ledger: Records | None = None) -> PlanChecks:
        return PlanChecks(self.outside.settings, ledger or self.ledger)

    def runs(self, ledger: Records | None = None) -> RunStore:
        return RunStore(ledger or self.ledger, self.follow_up(ledger))

    def sender(self, ledger: Records | None = None) -> SendOrder:
        outside, book = self.outside, ledger or self.ledger
        intents = RecordIntent(book, outside.workers)
        return SendOrder(book, intents, self.clock, outside.metrics, outside.timers)

    def order_syncer(self, ledger: Records | None = None) -> SyncOrder:
        outside, book = self.outside, ledger or self.ledger
        recheck = RecheckCreatedGuest(book, self.clock, outside.metrics, outside.timers)
        return SyncOrder(book, self.sender(ledger), recheck, self.clock, outside.metrics, outside.timers)

    def runner(self, ledger: Records | None = None) -> ProcessRuns:
        outside, book = self.outside, ledger or self.ledger
        sync_order, runs = self.order_syncer(ledger), self.runs(ledger)
        leases = TenantLeases(book, self.clock, outside.timers)
        return ProcessRuns(
            TenantSessions(outside.settings, leases, outside.runtime),
            outside.crm,
            RunQueue(runs, outside.hints, self.clock),
            RunBatch(book, runs, sync_order, outside.runtime),
            RunEndings(outside.settings, runs, sync_order, outside.runtime),
            outside.timers,
        )

    def calls(self, deadline: TimeLeft, lease: Lease | None = None) -> RateLimitedCalls:
        """One at a time, ten a second."""
        pace = CallRate(per_second=10, burst=10)
        lease = lease or Lease(tenant_id=TENANT, name=ORDER_SYNC)
        return RateLimitedCalls(lease, pace, 1, deadline, self.clock, self.outside.workers)

    def decisions(self) -> DecideOrder:
        trail = AuditTrail(self.outside.audit, self.clock, self.outside.tokens)
        return DecideOrder(self.outside.settings, self.ledger, trail, self.clock, self.follow_up())

    def preview(self, selection: Selection = EVERYTHING) -> Preview:
        return PreviewOrders(self.outside.settings, self.ledger, self.outside.crm, self.clock)(
            TENANT, selection
        )

    def run(self, run: SyncRun) -> SyncRun:
        return self.runs().get(TENANT, run.run_id)

    def told(self, run: SyncRun) -> Told:
        history = ListRuns(self.outside.settings, self.ledger, self.runs())
        page = history.details(TENANT, run.run_id)
        results = list(page.results)
        while page.next:
            page = history.details(TENANT, run.run_id, page.next)
            results += page.results
        assert len({result.reservation_id for result in results}) == len(results), "a result was told twice"
        told = {r.reservation_id: (r.order_state and r.order_state.value, r.reason) for r in results}
        return Told(page.state.value, dict(page.counts), dict(page.reasons), page.money.synced, told)

    def order_of(self, reservation_id: str = "r-1") -> OrderProgress:
        return self.record(reservation_id).order

    def record(self, reservation_id: str = "r-1") -> ReservationRecord:
        record = self.ledger.get(ReservationRecord, reservation_key(TENANT, reservation_id))
        assert record is not None
        return record

    def states(self, ids: Sequence[str]) -> set[OrderState]:
        return {self.order_of(id_).state for id_ in ids}

    def _take_on(self, settings: dict[str, Any]) -> None:
        tenant = TenantRecord(
            tenant_id=TENANT,
            name="Valley Cellars",
            timezone=ZONE,
            currency="USD",
            provider=Provider.VINSUITE,
            crm_environment=CrmEnvironment.SANDBOX,
            hash_key="k",
            created_at=NOW,
        )
        decided = SettingsRecord(
            tenant_id=TENANT,
            settings=SETTINGS.model_copy(update=settings),
            written_by="test",
            written_at=NOW,
        )
        event = EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT)
        self.outside.settings.save_all([tenant, decided, event])


def winery_with(*steps: Step, number: int | None = 7, crm: InMemoryCrm | None = None) -> Winery:
    """One reservation to be synced, and how the calls that create its order go."""
    winery = Winery(crm=crm)
    winery.keep(reservation(snapshot={"number": number}))
    winery.crm.script("create_order", *steps)
    return winery
