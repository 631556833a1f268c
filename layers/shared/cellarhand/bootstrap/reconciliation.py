"""Wiring of reconciliation and the checks that fall due after a run."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_crm
from cellarhand.bootstrap.order_sync import start_sync_run
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.use_cases.reconciliation.reconcile import Reconcile
    from cellarhand.use_cases.reconciliation.run_checks import KeepBooks


@once
def reconcile(outside: Outside) -> "Reconcile":
    """For staff, and below for each night."""
    from cellarhand.use_cases.reconciliation.reconcile import Reconcile

    return Reconcile(outside.settings, outside.ledger, guarded_crm(), outside.clock, outside.timers)


@once
def keep_books(outside: Outside) -> "KeepBooks":
    """For the runner."""
    from cellarhand.observability import report_finding
    from cellarhand.use_cases.reconciliation.detect_duplicate_orders import AuditLateOrders
    from cellarhand.use_cases.reconciliation.run_checks import KeepBooks
    from cellarhand.use_cases.reconciliation.settle_unanswered import SettleUnanswered

    ledger, clock, metrics = outside.ledger, outside.clock, outside.metrics
    return KeepBooks(
        settings=outside.settings,
        ledger=ledger,
        crm=guarded_crm(),
        metrics=metrics,
        clock=clock,
        tokens=outside.tokens,
        timers=outside.timers,
        workers=outside.workers,
        audit=AuditLateOrders(ledger, clock, metrics, report_finding),
        settle=SettleUnanswered(ledger, start_sync_run(), clock),
        reconcile=reconcile(),
        tell=report_finding,
    )
