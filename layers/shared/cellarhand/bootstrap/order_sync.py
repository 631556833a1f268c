"""Wiring of sync runs and what staff decide about orders."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways, tenant_sessions
from cellarhand.bootstrap.outside import Outside, once, runtime
from cellarhand.bootstrap.tenants import audit_trail

if TYPE_CHECKING:
    from cellarhand.ports.follow_up import FollowUp
    from cellarhand.use_cases.order_sync.decide_order import DecideOrder
    from cellarhand.use_cases.order_sync.list_runs import ListRuns
    from cellarhand.use_cases.order_sync.preview_orders import PreviewOrders
    from cellarhand.use_cases.order_sync.process_runs import ProcessRuns
    from cellarhand.use_cases.order_sync.run_store import RunStore
    from cellarhand.use_cases.order_sync.start_run import StartRun, StartScheduledRun
    from cellarhand.use_cases.order_sync.sync_order import SyncOrder


@once
def follow_up(outside: Outside) -> "FollowUp":
    """What order sync saves so that reconciliation checks it later."""
    from cellarhand.use_cases.reconciliation.plan_checks import PlanChecks

    return PlanChecks(outside.settings, outside.ledger)


@once
def run_store(outside: Outside) -> "RunStore":
    """The stored runs."""
    from cellarhand.use_cases.order_sync.run_store import RunStore

    return RunStore(outside.ledger, follow_up())


@once
def start_run(outside: Outside) -> "StartRun":
    """For staff, and below the clock's."""
    from cellarhand.use_cases.order_sync.start_run import StartRun

    return StartRun(outside.ledger, run_store(), outside.hints, outside.clock, outside.tokens)


@once
def start_scheduled_run(outside: Outside) -> "StartScheduledRun":
    """For the clock."""
    from cellarhand.use_cases.order_sync.start_run import StartScheduledRun

    return StartScheduledRun(outside.settings, outside.schedule_items, start_run())


@once
def preview_orders(outside: Outside) -> "PreviewOrders":
    """For a dry run."""
    from cellarhand.use_cases.order_sync.preview_orders import PreviewOrders

    return PreviewOrders(outside.settings, outside.ledger, guarded_gateways(), outside.clock)


@once
def list_runs(outside: Outside) -> "ListRuns":
    """For showing runs."""
    from cellarhand.use_cases.order_sync.list_runs import ListRuns

    return ListRuns(outside.settings, outside.ledger, run_store())


@once
def decide_order(outside: Outside) -> "DecideOrder":
    """For exclusions and reviews."""
    from cellarhand.use_cases.order_sync.decide_order import DecideOrder

    return DecideOrder(outside.settings, outside.ledger, audit_trail(), outside.clock, follow_up())


@once
def sync_order(outside: Outside) -> "SyncOrder":
    """One reservation's order, for runs."""
    from cellarhand.use_cases.order_sync.recheck_created_guest import RecheckCreatedGuest
    from cellarhand.use_cases.order_sync.record_intent import RecordIntent
    from cellarhand.use_cases.order_sync.send_order import SendOrder
    from cellarhand.use_cases.order_sync.sync_order import SyncOrder

    ledger, clock, metrics, timers = outside.ledger, outside.clock, outside.metrics, outside.timers
    send = SendOrder(ledger, RecordIntent(ledger, outside.workers), clock, metrics, timers)
    recheck = RecheckCreatedGuest(ledger, clock, metrics, timers)
    return SyncOrder(ledger, send, recheck, clock, metrics, timers)


@once
def process_runs(outside: Outside) -> "ProcessRuns":
    """For the runner. Its threads are all gone when it returns."""
    from cellarhand.use_cases.order_sync.process_runs import ProcessRuns, RunEndings
    from cellarhand.use_cases.order_sync.run_batch import RunBatch
    from cellarhand.use_cases.order_sync.run_store import RunQueue

    return ProcessRuns(
        tenant_sessions(),
        guarded_gateways(),
        RunQueue(run_store(), outside.hints, outside.clock),
        RunBatch(outside.ledger, run_store(), sync_order(), runtime()),
        RunEndings(outside.settings, run_store(), sync_order(), runtime()),
        outside.timers,
    )
