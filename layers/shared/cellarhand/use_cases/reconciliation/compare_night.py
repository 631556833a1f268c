"""The nightly comparison of the ledger with the CRM's orders, and when the next one is due.

Why: docs/decisions.md#late-orders-are-compared-on-three-nights
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cellarhand.domain.errors import CrmUnavailableError, SettingsIncompleteError
from cellarhand.domain.local_time import local_date
from cellarhand.domain.reconciliation.checks import DueCheck, nightly_check
from cellarhand.domain.records import Record
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Runtime
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.winery_context import WineryContext

from .check_reports import CheckReports
from .crm_order_reader import rate_limited
from .ledger_reader import (
    NO_EXTRA,
    Period,
    PeriodTooLargeError,
    has_visits,
    next_synced_visit,
)
from .plan_checks import late_visits, next_night
from .recheck_orders import CheckOutcome
from .reconcile import Reconcile

DAYS_COMPARED = 3
"""The number of nights on which each visit is compared."""
MAX_LATE = 5_000
"""The most late visits that one nightly check compares; if there are more, an alarm is raised."""
TRIES_WITH_LATE = 2
"""If a nightly check still runs out of time after these tries, it leaves out the late visits."""


class CompareNight:
    """The nightly check. Raises a `CrmError`."""

    def __init__(
        self, ledger: Records, reconcile: Reconcile, reports: CheckReports, runtime: Runtime
    ) -> None:
        self._ledger = ledger
        self._reconcile = reconcile
        self._reports = reports
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._timeout = runtime.timers.crm_write

    def __call__(self, check: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> CheckOutcome:
        """Compare the visits of the last days and those synced late."""
        period = _last_days(check.due, winery.tenant.timezone)
        late = NO_EXTRA if check.late_left_out else late_visits(self._ledger, winery.tenant, check.due)
        try:
            found = self._reconcile(
                check.tenant_id,
                period,
                lambda crm: rate_limited(crm, calls, self._timeout),
                late.first(MAX_LATE),
            )
        except PeriodTooLargeError:
            self._reports.given_up(check)
            return "too_large", None
        if late.ids and found.crm.reason == OutOfTimeError.code and check.tries >= TRIES_WITH_LATE:
            self._reports.given_up(check)
            return "late_left_out", check.without_late_visits(self._clock.now(), self._tokens.jitter())
        if found.crm.state == "unavailable" and found.crm.reason != SettingsIncompleteError.code:
            raise CrmUnavailableError(found.crm.message or "The CRM gave no answer.")
        self._reports.compared(check.tenant_id, found)
        if len(late.ids) > MAX_LATE:
            self._reports.given_up(check)
        return found.crm.state, None

    def following(self, check: DueCheck, winery: WineryContext) -> Sequence[Record]:
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


def _last_days(night: datetime, timezone: str) -> Period:
    today = local_date(night, timezone)
    return Period(from_date=today - timedelta(days=DAYS_COMPARED), to_date=today - timedelta(days=1))
