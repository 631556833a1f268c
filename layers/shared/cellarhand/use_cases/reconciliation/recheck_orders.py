"""The duplicate check: a day after a send, the CRM must have one order of each reservation."""

from datetime import timedelta

from cellarhand.domain.errors import NotSupportedByCrmError
from cellarhand.domain.reconciliation.checks import DueCheck
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.runtime import Runtime
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls
from cellarhand.use_cases.ledger.winery_context import WineryContext

from .check_reports import CheckReports
from .crm_order_reader import never_enough, rate_limited, read_changed_orders
from .detect_duplicate_orders import DetectDuplicateOrders
from .settle_unanswered import SettleUnanswered

CheckOutcome = tuple[str, DueCheck | None]
"""The outcome of a check, and its repeat if there is one."""


class RecheckOrders:
    """The duplicate check. Raises a `CrmError`, and `SettingsIncompleteError`."""

    def __init__(
        self,
        crm: CrmGateways,
        detect: DetectDuplicateOrders,
        settle: SettleUnanswered,
        reports: CheckReports,
        runtime: Runtime,
    ) -> None:
        self._crm = crm
        self._detect = detect
        self._settle = settle
        self._reports = reports
        self._clock = runtime.clock
        self._timers = runtime.timers

    def __call__(self, check: DueCheck, winery: WineryContext, calls: RateLimitedCalls) -> CheckOutcome:
        """Check the orders that changed in the CRM since the check's first send."""
        skew = timedelta(seconds=self._timers.clock_skew)
        begin, end = (check.sent_from or check.due) - skew, self._clock.now() + skew
        try:
            list_orders = rate_limited(self._crm.of(winery.tenant), calls, self._timers.crm_write)
            listed = read_changed_orders(list_orders, begin, end, never_enough)
        except NotSupportedByCrmError:
            left = self._settle(check)
            return "not_readable", self._repeat(check, left) if left else None
        findings = self._detect(winery, listed, begin)
        left = self._settle(check, findings.unanswered)
        outcome = "found" if findings.found else "unanswered" if left else "clean"
        must_repeat = findings.found or left or (findings.open and check.looks)
        return outcome, self._repeat(check, left) if must_repeat else None

    def _repeat(self, check: DueCheck, unanswered: tuple[str, ...]) -> DueCheck | None:
        """Tomorrow's check, which sees whether duplicates were voided and unanswered orders settled."""
        following = check.repeat(self._clock.now(), unanswered)
        if unanswered and following is None:
            self._reports.given_up(check)
        return following
