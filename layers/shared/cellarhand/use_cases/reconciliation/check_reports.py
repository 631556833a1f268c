"""Metrics and log lines about the reconciliation checks."""

from cellarhand.domain.reconciliation.checks import DueCheck
from cellarhand.ports.signals import Metrics

from .detect_duplicate_orders import Report
from .reconcile import Reconciliation


class CheckReports:
    """Reports ids, dates and sums; nothing personal."""

    def __init__(self, metrics: Metrics, report: Report) -> None:
        self._metrics = metrics
        self._report = report

    def ended(self, check: DueCheck, outcome: str) -> None:
        """Count a check that ended or was postponed, by outcome."""
        name = "LateAudits" if check.work == "duplicate_check" else "NightlyBooks"
        self._metrics.count(name, outcome=outcome)

    def given_up(self, check: DueCheck) -> None:
        """Count and log a check that is not tried again."""
        self._metrics.count("BooksGivenUp")
        self._report("check given up", tenant_id=check.tenant_id, check=check.work)

    def compared(self, tenant_id: str, found: Reconciliation) -> None:
        """Publish the differences between ledger and CRM that somebody must act on."""
        total = found.actionable
        self._metrics.count("ReconciliationDifference", total.records, of="records")
        self._metrics.count("ReconciliationDifference", total.money, of="money")
        if total.records:
            kinds = sorted({difference.kind.value for difference in found.differences})
            days = sorted({str(d.visit_date) for d in found.differences if d.visit_date})
            fields = {**total.model_dump(), "kinds": kinds, "visits": days}
            self._report("nightly check found differences", tenant_id=tenant_id, **fields)
