"""The runner's other job: run the reconciliation checks that are due, under the tenant's lease.

Why: docs/decisions.md#late-orders-are-compared-on-three-nights
"""

from collections.abc import Sequence

from cellarhand.domain.errors import (
    CrmError,
    SettingsIncompleteError,
    StaleRecordError,
    StorageUnavailableError,
)
from cellarhand.domain.reconciliation.checks import PREFIX, DueCheck
from cellarhand.domain.records import Record, tenant_partition
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Deadline, Runtime
from cellarhand.use_cases.crm.rate_limited_calls import SECONDS_TO_RECORD, RateLimitedCalls
from cellarhand.use_cases.ledger.tenant_session import TenantSessions
from cellarhand.use_cases.ledger.winery_context import WineryContext

from .check_reports import CheckReports
from .compare_night import CompareNight
from .plan_checks import next_night
from .recheck_orders import RecheckOrders

SECONDS_TO_RECORD_CHECK = 3.0


class RunChecks:
    """Run one check after the other, the longest due first; postpone what can't be run now."""

    def __init__(
        self,
        ledger: Records,
        sessions: TenantSessions,
        recheck: RecheckOrders,
        compare: CompareNight,
        reports: CheckReports,
        runtime: Runtime,
    ) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._recheck = recheck
        self._compare = compare
        self._reports = reports
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._min_seconds = runtime.timers.crm_write + SECONDS_TO_RECORD + SECONDS_TO_RECORD_CHECK

    def __call__(self, tenant_id: str, deadline: Deadline) -> None:
        """Run all checks that are due; if none is, it costs one read. Raises `StorageUnavailableError`."""
        while deadline.seconds_left() >= self._min_seconds and self._due(tenant_id):
            with self._sessions.open(tenant_id, deadline, at_once=1) as session:
                if session is None:
                    return
                try:
                    if check := self._due(tenant_id):
                        self._run(check, session.winery, session.calls)
                except StaleRecordError:
                    return

    def _due(self, tenant_id: str) -> DueCheck | None:
        page = self._ledger.list_records(DueCheck, tenant_partition(tenant_id), PREFIX, limit=1)
        now = self._clock.now()
        return next((check for check in page.items if check.due <= now), None)

    def _run(self, check: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> None:
        run = self._recheck if check.work == "duplicate_check" else self._compare
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

    def _postpone(self, check: DueCheck, winery: WineryContext) -> None:
        if check.is_given_up:
            self._reports.given_up(check)
            following = check.repeat(self._clock.now(), check.unanswered) if check.unanswered else None
            self._finish(check, winery, "given_up", following)
            return
        later = check.postponed(self._clock.now(), self._tokens.jitter())
        self._ledger.save_all([later], removed=[check])
        self._reports.ended(check, "postponed")

    def _finish(
        self, check: DueCheck, winery: WineryContext, outcome: str, following: DueCheck | None
    ) -> None:
        if following or check.work != "nightly_check":
            self._end(check, outcome, [following] if following else [])
            return
        try:
            nights = self._compare.following(check, winery)
        except StorageUnavailableError:
            raise
        except Exception:
            # A bug of ours in planning must not make this check run again each minute.
            self._end(check, outcome, next_night(self._ledger, winery.tenant, self._clock.now()))
            raise
        self._end(check, outcome, nights)

    def _end(self, check: DueCheck, outcome: str, planned: Sequence[Record]) -> None:
        self._ledger.save_all([check.ended(self._clock.now(), outcome), *planned], removed=[check])
        self._reports.ended(check, outcome)
