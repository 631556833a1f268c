"""Wiring of reconciliation and the checks that fall due after a run."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways, tenant_sessions
from cellarhand.bootstrap.order_sync import start_run
from cellarhand.bootstrap.outside import Outside, once, runtime

if TYPE_CHECKING:
    from cellarhand.use_cases.reconciliation.reconcile import Reconcile
    from cellarhand.use_cases.reconciliation.run_checks import RunChecks


@once
def reconcile(outside: Outside) -> "Reconcile":
    """For staff, and below for each night."""
    from cellarhand.use_cases.reconciliation.reconcile import Reconcile

    return Reconcile(outside.settings, outside.ledger, guarded_gateways(), outside.clock, outside.timers)


@once
def run_checks(outside: Outside) -> "RunChecks":
    """For the runner."""
    from cellarhand.observability import report_finding
    from cellarhand.use_cases.reconciliation.check_reports import CheckReports
    from cellarhand.use_cases.reconciliation.compare_night import CompareNight
    from cellarhand.use_cases.reconciliation.detect_duplicate_orders import DetectDuplicateOrders
    from cellarhand.use_cases.reconciliation.recheck_orders import RecheckOrders
    from cellarhand.use_cases.reconciliation.run_checks import RunChecks
    from cellarhand.use_cases.reconciliation.settle_unanswered import SettleUnanswered

    ledger, clock, metrics = outside.ledger, outside.clock, outside.metrics
    reports = CheckReports(metrics, report_finding)
    detect = DetectDuplicateOrders(ledger, clock, metrics, report_finding)
    settle = SettleUnanswered(ledger, start_run(), clock)
    return RunChecks(
        ledger,
        tenant_sessions(),
        RecheckOrders(guarded_gateways(), detect, settle, reports, runtime()),
        CompareNight(ledger, reconcile(), reports, runtime()),
        reports,
        runtime(),
    )
