"""A winery whose orders can be tampered with in the CRM's book, and the runner that keeps its books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from cellarhand.domain.orders.order import ListedOrder, OrderNumber
from cellarhand.domain.reconciliation.checks import PREFIX, DueCheck
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reliability.lease import ORDER_SYNC
from cellarhand.domain.reservations.intake import Arrival, apply_snapshot
from cellarhand.ports.crm import CrmGateway
from cellarhand.use_cases.crm.tenant_leases import TenantLeases
from cellarhand.use_cases.ledger.reservation_context import reservation_context
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.ledger.tenant_session import TenantSessions
from cellarhand.use_cases.reconciliation.check_reports import CheckReports
from cellarhand.use_cases.reconciliation.compare_night import CompareNight
from cellarhand.use_cases.reconciliation.crm_order_reader import ListOrders
from cellarhand.use_cases.reconciliation.detect_duplicate_orders import DetectDuplicateOrders
from cellarhand.use_cases.reconciliation.ledger_reader import Period
from cellarhand.use_cases.reconciliation.recheck_orders import RecheckOrders
from cellarhand.use_cases.reconciliation.reconcile import Reconcile, Reconciliation
from cellarhand.use_cases.reconciliation.run_checks import RunChecks
from cellarhand.use_cases.reconciliation.settle_unanswered import SettleUnanswered
from tests.fakes.crm import InMemoryCrm
from tests.unit.order_sync.given import TENANT, snapshot
from tests.unit.order_sync.runner import TimeLeft, Winery

JUNE = Period(from_date=date(2026, 6, 1), to_date=date(2026, 6, 30))


class OrdersUnder(InMemoryCrm):
    """Lists its orders under their numbers with this prefix, whatever they were sent with."""

    def __init__(self, prefix: str, **given: Any) -> None:
        super().__init__(**given)
        self._prefix = prefix

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        """Those that the CRM has."""
        listed = super().list_orders(around=around, timeout=timeout)
        shown = [(one.number or "").replace("CH-", self._prefix) for one in listed]
        return [one.model_copy(update={"number": n}) for one, n in zip(listed, shown, strict=True)]


class Bookkeeping(Winery):
    """The winery of the order sync's tests, with its books."""

    def __init__(self, crm: InMemoryCrm | None = None, **settings: Any) -> None:
        super().__init__(crm=crm, **settings)
        self.log: list[tuple[str, dict[str, Any]]] = []

    def report(self, what: str, **ids: Any) -> None:
        self.log.append((what, ids))

    def reconcile(self, period: Period = JUNE) -> Reconciliation:
        return self.reconciler()(TENANT, period, self.asking)

    def asking(self, crm: CrmGateway) -> ListOrders:
        return lambda around: crm.list_orders(around=around, timeout=5)

    def reconciler(self) -> Reconcile:
        outside = self.outside
        return Reconcile(outside.settings, self.ledger, outside.crm, self.clock, outside.timers)

    def change(self, reservation_id: str, **changes: Any) -> None:
        """The engine sends another snapshot."""
        facts = reservation_context(self.outside.settings, TENANT, "cellar")
        arrival = Arrival(facts.tenant, facts.settings, reservation_id, snapshot(**changes))
        record = apply_snapshot(self.record(reservation_id), arrival, self.clock.now())
        save_adjusted(self.ledger, facts.reassess(record), self.clock.now())

    def run_checks(self, seconds: float = 60) -> None:
        outside, runtime = self.outside, self.outside.runtime
        leases = TenantLeases(self.ledger, self.clock, outside.timers)
        settle = SettleUnanswered(self.ledger, self.starter(), self.clock)
        reports = CheckReports(outside.metrics, self.report)
        run_checks = RunChecks(
            self.ledger,
            TenantSessions(outside.settings, leases, runtime),
            RecheckOrders(outside.crm, self.auditor(), settle, reports, runtime),
            CompareNight(self.ledger, self.reconciler(), reports, runtime),
            reports,
            runtime,
        )
        run_checks(TENANT, TimeLeft(seconds))

    def auditor(self) -> DetectDuplicateOrders:
        return DetectDuplicateOrders(self.ledger, self.clock, self.outside.metrics, self.report)

    def planned(self, work: str | None = None) -> list[DueCheck]:
        page = self.ledger.list_records(DueCheck, tenant_partition(TENANT), PREFIX)
        return [one for one in page.items if work in {None, one.work}]

    def wait_for(self, work: DueCheck) -> None:
        """Let time pass until the sweeper would find it."""
        self.clock.advance(seconds=max(0.0, (work.due - self.clock.now()).total_seconds()))

    def copy_in_crm(self, number: int = 7, **changes: Any) -> str:
        """The CRM executes an order once more, or staff there enter one like it."""
        order = next(o for o in self.orders if o.order_number.number == number)
        return self.crm.put_order(order.model_copy(update=changes))

    def foreign(self, text_prefix: str, number: int, **changes: Any) -> str:
        """An order of somebody else, under another number."""
        return self.copy_in_crm(order_number=OrderNumber(prefix=text_prefix, number=number), **changes)

    def metric(self, name: str, **dimensions: str) -> float:
        return self.outside.metrics.total(name, **dimensions)

    @contextmanager
    def lease_held(self) -> Iterator[None]:
        """While another runner works for the tenant."""
        leases = TenantLeases(self.ledger, self.clock, self.outside.timers)
        lease = leases.take(TENANT, ORDER_SYNC)
        assert lease is not None
        yield
        leases.release(lease, None)

    def pass_read_lag(self) -> None:
        self.clock.advance(seconds=timedelta(minutes=5).total_seconds())
