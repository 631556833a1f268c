"""Wiring of sync runs and what staff decide about orders."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_crm
from cellarhand.bootstrap.outside import Outside, once
from cellarhand.bootstrap.tenants import audit_trail

if TYPE_CHECKING:
    from cellarhand.ports.follow_up import FollowUp
    from cellarhand.use_cases.order_sync.decide_order import StaffDecisions
    from cellarhand.use_cases.order_sync.list_runs import SyncRunHistory
    from cellarhand.use_cases.order_sync.preview_orders import PreviewOrders
    from cellarhand.use_cases.order_sync.process_runs import DrainSyncRuns
    from cellarhand.use_cases.order_sync.run_store import RunRecords
    from cellarhand.use_cases.order_sync.start_run import StartScheduledRun, StartSyncRun


@once
def follow_up(outside: Outside) -> "FollowUp":
    """What order sync saves so that reconciliation checks it later."""
    from cellarhand.use_cases.reconciliation.plan_checks import PlanChecks

    return PlanChecks(outside.settings, outside.ledger)


@once
def run_records(outside: Outside) -> "RunRecords":
    """The stored runs."""
    from cellarhand.use_cases.order_sync.run_store import RunRecords

    return RunRecords(outside.ledger, follow_up())


@once
def start_sync_run(outside: Outside) -> "StartSyncRun":
    """For staff, and below the clock's."""
    from cellarhand.use_cases.order_sync.start_run import StartSyncRun

    return StartSyncRun(outside.ledger, run_records(), outside.hints, outside.clock, outside.tokens)


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

    return SyncRunHistory(outside.settings, outside.ledger, run_records())


@once
def staff_decisions(outside: Outside) -> "StaffDecisions":
    """For exclusions and reviews."""
    from cellarhand.use_cases.order_sync.decide_order import StaffDecisions

    return StaffDecisions(outside.settings, outside.ledger, audit_trail(), outside.clock, follow_up())


@once
def drain_sync_runs(outside: Outside) -> "DrainSyncRuns":
    """For the runner. Its threads are all gone when it returns."""
    from cellarhand.observability import report_failure
    from cellarhand.use_cases.order_sync.process_runs import DrainSyncRuns
    from cellarhand.use_cases.order_sync.run_batch import RunRound
    from cellarhand.use_cases.order_sync.sync_order import SyncOrder

    runs = run_records()
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
        run_round=RunRound(ledger, sync_order, clock, timers, workers, report_failure, runs),
        runs=runs,
    )
