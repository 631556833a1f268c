"""The runner's other work: looks into the CRM's books that are due, under the tenant's lease."""

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

from .crm_order_reader import Ask, never_enough, orders_changed
from .detect_duplicate_orders import DetectDuplicateOrders, Report
from .ledger_reader import (
    NONE,
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
"""Each visit is compared on so many nights."""
MAX_LATE = 5_000
"""Of visits synced late, beside those of the last days; of more than that operators are told."""
TRIES_WITH_LATE = 2
"""Then, if time runs out, a night leaves the late visits out: one hasty invocation proves nothing."""

CheckOutcome = tuple[str, DueCheck | None]
"""What came of a look, and the next one at the same."""


class RunChecks:
    """One piece of work after the other, the longest due first; what can't be done now is put off."""

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
        self._audit = audit
        self._settle = settle
        self._reconcile = reconcile
        self._report = report
        self._min_seconds = timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_RECORD_CHECK

    def __call__(self, tenant_id: str, deadline: Deadline) -> None:
        """Costs one read where nothing is due. Raises `StorageUnavailableError`."""
        while deadline.seconds_left() >= self._min_seconds and self._due(tenant_id):
            winery = WineryContext(self._settings, tenant_id)
            lease = self._leases.take(tenant_id, ORDER_SYNC)
            if lease is None:
                return
            calls = self._calls(winery, lease, deadline)
            try:
                if work := self._due(tenant_id):
                    self._do(work, winery, calls)
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
        return next((work for work in page.items if work.due <= now), None)

    def _do(self, work: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> None:
        look = self._look_again if work.work == "duplicate_check" else self._compare
        try:
            outcome, following = look(work, winery, calls)
        except (StaleRecordError, StorageUnavailableError):
            raise
        except (CrmError, SettingsIncompleteError):
            self._put_off(work, winery)
        except Exception:
            # A fault of ours in one look must not keep all others waiting.
            self._put_off(work, winery)
            raise
        else:
            self._finish(work, winery, outcome, following)

    def _look_again(self, work: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> CheckOutcome:
        skew = timedelta(seconds=self._timers.clock_skew)
        begin, end = (work.sent_from or work.due) - skew, self._clock.now() + skew
        try:
            listed = orders_changed(self._ask(self._crm.of(winery.tenant), calls), begin, end, never_enough)
        except NotSupportedByCrmError:
            left = self._settle(work)
            return "not_readable", self._again(work, left) if left else None
        seen = self._audit(winery, listed, begin)
        left = self._settle(work, seen.unanswered)
        outcome = "found" if seen.found else "unanswered" if left else "clean"
        goes_on = seen.found or left or (seen.open and work.looks)
        return outcome, self._again(work, left) if goes_on else None

    def _again(self, work: DueCheck, unanswered: tuple[str, ...]) -> DueCheck | None:
        """The look of tomorrow, which sees whether what was begun for them has come to an end."""
        following = work.repeat(self._clock.now(), unanswered)
        if unanswered and following is None:
            self._report_given_up(work)
        return following

    def _compare(self, work: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> CheckOutcome:
        period = _last_days(work.due, winery.tenant.timezone)
        late = NONE if work.late_left_out else late_visits(self._ledger, winery.tenant, work.due)
        try:
            found = self._reconcile(
                work.tenant_id, period, lambda crm: self._ask(crm, calls), late.most(MAX_LATE)
            )
        except PeriodTooLargeError:
            self._report_given_up(work)
            return "too_large", None
        if late.ids and found.crm.reason == OutOfTimeError.code and work.tries >= TRIES_WITH_LATE:
            self._report_given_up(work)
            return "late_left_out", work.without_late_visits(self._clock.now(), self._tokens.jitter())
        if found.crm.state == "unavailable" and found.crm.reason != SettingsIncompleteError.code:
            raise CrmUnavailableError(found.crm.message or "The CRM gave no answer.")
        self._publish(work.tenant_id, found)
        if len(late.ids) > MAX_LATE:
            self._report_given_up(work)
        return found.crm.state, None

    def _ask(self, crm: CrmGateway, calls: RateLimitedCalls) -> Ask:
        timeout = self._timers.crm_write

        def ask(around: tuple[datetime, datetime]) -> list[ListedOrder]:
            with calls.call(timeout):
                return crm.list_orders(around=around, timeout=timeout)

        return ask

    def _publish(self, tenant_id: str, found: Reconciliation) -> None:
        figure = found.figure
        self._metrics.count("ReconciliationDifference", figure.records, of="records")
        self._metrics.count("ReconciliationDifference", figure.money, of="money")
        if figure.records:
            kinds = sorted({difference.kind.value for difference in found.differences})
            days = sorted({str(each.visit_date) for each in found.differences if each.visit_date})
            told = {**figure.model_dump(), "kinds": kinds, "visits": days}
            self._report("the books differ", tenant_id=tenant_id, **told)

    def _put_off(self, work: DueCheck, winery: WineryContext) -> None:
        if work.is_given_up:
            self._report_given_up(work)
            following = work.repeat(self._clock.now(), work.unanswered) if work.unanswered else None
            self._finish(work, winery, "given_up", following)
            return
        later = work.postponed(self._clock.now(), self._tokens.jitter())
        self._ledger.save_all([later], removed=[work])
        self._count(work, "postponed")

    def _report_given_up(self, work: DueCheck) -> None:
        self._metrics.count("BooksGivenUp")
        self._report("a look into the books was given up", tenant_id=work.tenant_id, work=work.work)

    def _finish(
        self, work: DueCheck, winery: WineryContext, outcome: str, following: DueCheck | None
    ) -> None:
        if following or work.work != "nightly_check":
            self._end(work, outcome, [following] if following else [])
            return
        try:
            nights = self._next_night(work, winery)
        except StorageUnavailableError:
            raise
        except Exception:
            # A fault of ours in planning must not have this night taken again each minute.
            self._end(work, outcome, next_night(self._ledger, winery.tenant, self._clock.now()))
            raise
        self._end(work, outcome, nights)

    def _end(self, work: DueCheck, outcome: str, planned: Sequence[Record]) -> None:
        self._ledger.save_all([work.ended(self._clock.now(), outcome), *planned], removed=[work])
        self._count(work, outcome)

    def _next_night(self, work: DueCheck, winery: WineryContext) -> Sequence[Record]:
        """The next one, or the one after the next synced visit; a run that ends plans one, too."""
        after = self._compared_after(work, winery)
        if after is None:
            return []
        return next_night(self._ledger, winery.tenant, after)

    def _compared_after(self, work: DueCheck, winery: WineryContext) -> datetime | None:
        tenant, now = winery.tenant, self._clock.now()
        if has_visits(self._ledger, tenant.tenant_id, _last_days(work.due, tenant.timezone)):
            return now
        following = nightly_check(tenant.tenant_id, tenant.timezone, now)
        if late_visits(self._ledger, tenant, following.due).ids:
            return now
        visit = next_synced_visit(self._ledger, tenant.tenant_id, local_date(now, tenant.timezone))
        return datetime.combine(visit, time(12), ZoneInfo(tenant.timezone)) if visit else None

    def _count(self, work: DueCheck, outcome: str) -> None:
        name = "LateAudits" if work.work == "duplicate_check" else "NightlyBooks"
        self._metrics.count(name, outcome=outcome)


def _last_days(night: datetime, timezone: str) -> Period:
    today = local_date(night, timezone)
    return Period(from_date=today - timedelta(days=DAYS_COMPARED), to_date=today - timedelta(days=1))
