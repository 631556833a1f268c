"""The runner's other job: run the reconciliation checks that are due, under the tenant's lease.

Why: docs/decisions.md#late-orders-are-compared-on-three-nights
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cellarhand.domain.errors import (
    CrmError,
    CrmUnavailableError,
    NotSupportedByCrmError,
    SettingsIncompleteError,
    StaleRecordError,
    StorageUnavailableError,
)
from cellarhand.domain.local_time import local_date
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reconciliation.checks import PREFIX, DueCheck, nightly_check
from cellarhand.domain.records import Record, tenant_partition
from cellarhand.domain.reliability.lease import ORDER_SYNC, Lease
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.crm import CrmGateway, CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline, Tokens
from cellarhand.ports.signals import Metrics
from cellarhand.ports.workers import Workers
from cellarhand.use_cases.crm.rate_limited_calls import SECONDS_TO_RECORD, RateLimitedCalls
from cellarhand.use_cases.crm.tenant_leases import TenantLeases
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.winery_context import WineryContext

from .crm_order_reader import ListOrders, never_enough, read_changed_orders
from .detect_duplicate_orders import DetectDuplicateOrders, Report
from .ledger_reader import (
    NO_EXTRA,
    Period,
    PeriodTooLargeError,
    has_visits,
    next_synced_visit,
)
from .plan_checks import late_visits, next_night
from .reconcile import Reconcile, Reconciliation
from .settle_unanswered import SettleUnanswered

SECONDS_TO_RECORD_CHECK = 3.0
DAYS_COMPARED = 3
"""The number of nights on which each visit is compared."""
MAX_LATE = 5_000
"""The most late visits that one nightly check compares; if there are more, an alarm is raised."""
TRIES_WITH_LATE = 2
"""If a nightly check still runs out of time after these tries, it leaves out the late visits."""

CheckOutcome = tuple[str, DueCheck | None]
"""The outcome of a check, and its repeat if there is one."""


class RunChecks:
    """Run one check after the other, the longest due first; postpone what can't be run now."""

    def __init__(
        self,
        *,
        settings: Records,
        ledger: Records,
        crm: CrmGateways,
        metrics: Metrics,
        clock: Clock,
        tokens: Tokens,
        timers: Timers,
        workers: Workers,
        audit: DetectDuplicateOrders,
        settle: SettleUnanswered,
        reconcile: Reconcile,
        report: Report,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._leases = TenantLeases(ledger, clock, timers)
        self._crm = crm
        self._metrics = metrics
        self._clock = clock
        self._tokens = tokens
        self._timers = timers
        self._workers = workers
        self._detect_duplicates = audit
        self._settle = settle
        self._reconcile = reconcile
        self._report = report
        self._min_seconds = timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_RECORD_CHECK

    def __call__(self, tenant_id: str, deadline: Deadline) -> None:
        """Run all checks that are due; if none is, it costs one read. Raises `StorageUnavailableError`."""
        while deadline.seconds_left() >= self._min_seconds and self._due(tenant_id):
            winery = WineryContext(self._settings, tenant_id)
            lease = self._leases.take(tenant_id, ORDER_SYNC)
            if lease is None:
                return
            calls = self._calls(winery, lease, deadline)
            try:
                if check := self._due(tenant_id):
                    self._run(check, winery, calls)
            except StaleRecordError:
                return
            finally:
                self._leases.release(lease, calls.bucket)

    def _calls(self, winery: WineryContext, lease: Lease, deadline: Deadline) -> RateLimitedCalls:
        pace = winery.settings.crm_allowance.order_rate
        return RateLimitedCalls(lease, pace, 1, deadline, self._clock, self._workers)

    def _due(self, tenant_id: str) -> DueCheck | None:
        page = self._ledger.list_records(DueCheck, tenant_partition(tenant_id), PREFIX, limit=1)
        now = self._clock.now()
        return next((check for check in page.items if check.due <= now), None)

    def _run(self, check: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> None:
        run = self._check_orders if check.work == "duplicate_check" else self._check_night
        try:
            outcome, following = run(check, winery, calls)
        except (StaleRecordError, StorageUnavailableError):
            raise
        except (CrmError, SettingsIncompleteError):
            self._postpone(check, winery)
        except Exception:
            # A bug of ours in one check must not block all others.
            self._postpone(check, winery)
            raise
        else:
            self._finish(check, winery, outcome, following)

    def _check_orders(self, check: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> CheckOutcome:
        skew = timedelta(seconds=self._timers.clock_skew)
        begin, end = (check.sent_from or check.due) - skew, self._clock.now() + skew
        try:
            list_orders = self._list_orders(self._crm.of(winery.tenant), calls)
            listed = read_changed_orders(list_orders, begin, end, never_enough)
        except NotSupportedByCrmError:
            left = self._settle(check)
            return "not_readable", self._repeat(check, left) if left else None
        findings = self._detect_duplicates(winery, listed, begin)
        left = self._settle(check, findings.unanswered)
        outcome = "found" if findings.found else "unanswered" if left else "clean"
        must_repeat = findings.found or left or (findings.open and check.looks)
        return outcome, self._repeat(check, left) if must_repeat else None

    def _repeat(self, check: DueCheck, unanswered: tuple[str, ...]) -> DueCheck | None:
        """Tomorrow's check, which sees whether duplicates were voided and unanswered orders settled."""
        following = check.repeat(self._clock.now(), unanswered)
        if unanswered and following is None:
            self._report_given_up(check)
        return following

    def _check_night(self, check: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> CheckOutcome:
        period = _last_days(check.due, winery.tenant.timezone)
        late = NO_EXTRA if check.late_left_out else late_visits(self._ledger, winery.tenant, check.due)
        try:
            found = self._reconcile(
                check.tenant_id, period, lambda crm: self._list_orders(crm, calls), late.first(MAX_LATE)
            )
        except PeriodTooLargeError:
            self._report_given_up(check)
            return "too_large", None
        if late.ids and found.crm.reason == OutOfTimeError.code and check.tries >= TRIES_WITH_LATE:
            self._report_given_up(check)
            return "late_left_out", check.without_late_visits(self._clock.now(), self._tokens.jitter())
        if found.crm.state == "unavailable" and found.crm.reason != SettingsIncompleteError.code:
            raise CrmUnavailableError(found.crm.message or "The CRM gave no answer.")
        self._publish(check.tenant_id, found)
        if len(late.ids) > MAX_LATE:
            self._report_given_up(check)
        return found.crm.state, None

    def _list_orders(self, crm: CrmGateway, calls: RateLimitedCalls) -> ListOrders:
        timeout = self._timers.crm_write

        def list_orders(around: tuple[datetime, datetime]) -> list[ListedOrder]:
            with calls.call(timeout):
                return crm.list_orders(around=around, timeout=timeout)

        return list_orders

    def _publish(self, tenant_id: str, found: Reconciliation) -> None:
        total = found.actionable
        self._metrics.count("ReconciliationDifference", total.records, of="records")
        self._metrics.count("ReconciliationDifference", total.money, of="money")
        if total.records:
            kinds = sorted({difference.kind.value for difference in found.differences})
            days = sorted({str(d.visit_date) for d in found.differences if d.visit_date})
            fields = {**total.model_dump(), "kinds": kinds, "visits": days}
            self._report("nightly check found differences", tenant_id=tenant_id, **fields)

    def _postpone(self, check: DueCheck, winery: WineryContext) -> None:
        if check.is_given_up:
            self._report_given_up(check)
            following = check.repeat(self._clock.now(), check.unanswered) if check.unanswered else None
            self._finish(check, winery, "given_up", following)
            return
        later = check.postponed(self._clock.now(), self._tokens.jitter())
        self._ledger.save_all([later], removed=[check])
        self._count(check, "postponed")

    def _report_given_up(self, check: DueCheck) -> None:
        self._metrics.count("BooksGivenUp")
        self._report("check given up", tenant_id=check.tenant_id, check=check.work)

    def _finish(
        self, check: DueCheck, winery: WineryContext, outcome: str, following: DueCheck | None
    ) -> None:
        if following or check.work != "nightly_check":
            self._end(check, outcome, [following] if following else [])
            return
        try:
            nights = self._next_night(check, winery)
        except StorageUnavailableError:
            raise
        except Exception:
            # A bug of ours in planning must not make this check run again each minute.
            self._end(check, outcome, next_night(self._ledger, winery.tenant, self._clock.now()))
            raise
        self._end(check, outcome, nights)

    def _end(self, check: DueCheck, outcome: str, planned: Sequence[Record]) -> None:
        self._ledger.save_all([check.ended(self._clock.now(), outcome), *planned], removed=[check])
        self._count(check, outcome)

    def _next_night(self, check: DueCheck, winery: WineryContext) -> Sequence[Record]:
        """The next check, or the one after the next synced visit; a run that ends plans one, too."""
        after = self._next_comparison_after(check, winery)
        return [] if after is None else next_night(self._ledger, winery.tenant, after)

    def _next_comparison_after(self, check: DueCheck, winery: WineryContext) -> datetime | None:
        tenant, now = winery.tenant, self._clock.now()
        if has_visits(self._ledger, tenant.tenant_id, _last_days(check.due, tenant.timezone)):
            return now
        following = nightly_check(tenant.tenant_id, tenant.timezone, now)
        if late_visits(self._ledger, tenant, following.due).ids:
            return now
        visit = next_synced_visit(self._ledger, tenant.tenant_id, local_date(now, tenant.timezone))
        return datetime.combine(visit, time(12), ZoneInfo(tenant.timezone)) if visit else None

    def _count(self, check: DueCheck, outcome: str) -> None:
        name = "LateAudits" if check.work == "duplicate_check" else "NightlyBooks"
        self._metrics.count(name, outcome=outcome)


def _last_days(night: datetime, timezone: str) -> Period:
    today = local_date(night, timezone)
    return Period(from_date=today - timedelta(days=DAYS_COMPARED), to_date=today - timedelta(days=1))
