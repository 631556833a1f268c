"""Wiring of sync runs, and of what is shown and decided of reservations."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.access import audit_trail
from cellarhand.bootstrap.customers import guarded_crm
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.use_cases.adjustments.manage_adjustments import Adjustments
    from cellarhand.use_cases.order_sync.decide_order import StaffDecisions
    from cellarhand.use_cases.order_sync.list_runs import SyncRunHistory
    from cellarhand.use_cases.order_sync.preview_orders import PreviewOrders
    from cellarhand.use_cases.order_sync.process_runs import DrainSyncRuns
    from cellarhand.use_cases.order_sync.start_run import StartScheduledRun, StartSyncRun
    from cellarhand.use_cases.reservations.list_reservations import ReservationWorklist


@once
def start_sync_run(outside: Outside) -> "StartSyncRun":
    """For staff, and below the clock's."""
    from cellarhand.use_cases.order_sync.start_run import StartSyncRun

    return StartSyncRun(outside.ledger, outside.hints, outside.clock, outside.tokens)


@once
def start_scheduled_run(outside: Outside) -> "StartScheduledRun":
    """For the clock."""
    from cellarhand.use_cases.order_sync.start_run import StartScheduledRun

    return StartScheduledRun(outside.settings, outside.schedule_items, start_sync_run())


@once
def preview_orders(outside: Outside) -> "PreviewOrders":
    """For a dry run."""
    from cellarhand.use_cases.order_sync.preview_orders import PreviewOrders

    return PreviewOrders(outside.settings, outside.ledger, guarded_crm(), outside.clock)


@once
def sync_run_history(outside: Outside) -> "SyncRunHistory":
    """For showing runs."""
    from cellarhand.use_cases.order_sync.list_runs import SyncRunHistory

    return SyncRunHistory(outside.settings, outside.ledger)


@once
def reservation_worklist(outside: Outside) -> "ReservationWorklist":
    """For showing reservations."""
    from cellarhand.use_cases.reservations.list_reservations import ReservationWorklist

    return ReservationWorklist(outside.ledger)


@once
def staff_decisions(outside: Outside) -> "StaffDecisions":
    """For exclusions and reviews."""
    from cellarhand.use_cases.order_sync.decide_order import StaffDecisions

    return StaffDecisions(outside.settings, outside.ledger, audit_trail(), outside.clock)


@once
def adjustments(outside: Outside) -> "Adjustments":
    """For what staff carry over by hand."""
    from cellarhand.use_cases.adjustments.manage_adjustments import Adjustments

    return Adjustments(outside.settings, outside.ledger, audit_trail(), outside.clock)


@once
def drain_sync_runs(outside: Outside) -> "DrainSyncRuns":
    """For the runner. Its threads are all gone when it returns."""
    from cellarhand.observability import report_failure
    from cellarhand.use_cases.order_sync.process_runs import DrainSyncRuns
    from cellarhand.use_cases.order_sync.run_batch import RunRound
    from cellarhand.use_cases.order_sync.sync_order import SyncOrder

    ledger, clock, timers, workers = outside.ledger, outside.clock, outside.timers, outside.workers
    sync_order = SyncOrder(ledger, clock, outside.metrics, timers, workers)
    return DrainSyncRuns(
        settings=outside.settings,
        ledger=ledger,
        crm=guarded_crm(),
        hints=outside.hints,
        metrics=outside.metrics,
        clock=clock,
        tokens=outside.tokens,
        timers=timers,
        workers=workers,
        sync_order=sync_order,
        run_round=RunRound(ledger, sync_order, clock, timers, workers, report_failure),
    )
