"""Wiring of reconciliation and the checks that fall due after a run."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways
from cellarhand.bootstrap.order_sync import start_run
from cellarhand.bootstrap.outside import Outside, once

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
    from cellarhand.use_cases.reconciliation.detect_duplicate_orders import DetectDuplicateOrders
    from cellarhand.use_cases.reconciliation.run_checks import RunChecks
    from cellarhand.use_cases.reconciliation.settle_unanswered import SettleUnanswered

    ledger, clock, metrics = outside.ledger, outside.clock, outside.metrics
    return RunChecks(
        settings=outside.settings,
        ledger=ledger,
        crm=guarded_gateways(),
        metrics=metrics,
        clock=clock,
        tokens=outside.tokens,
        timers=outside.timers,
        workers=outside.workers,
        audit=DetectDuplicateOrders(ledger, clock, metrics, report_finding),
        settle=SettleUnanswered(ledger, start_run(), clock),
        reconcile=reconcile(),
        report=report_finding,
    )
