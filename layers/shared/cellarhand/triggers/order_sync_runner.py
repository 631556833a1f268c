"""Hints from the queue `order-sync`: run a tenant's due checks, and drain its sync runs into orders."""

from cellarhand.bootstrap import order_sync, reconciliation
from cellarhand.domain.models import StrictModel
from cellarhand.observability import about
from cellarhand.ports.runtime import Deadline

from .record_batch import succeeds


class SyncHint(StrictModel):
    """Which tenant's runs may be due."""

    tenant_id: str


def sync_orders(message: str, deadline: Deadline) -> bool:
    """Follow one hint. If one kind of work fails, the other is done all the same, and the answer is False."""
    hint = SyncHint.model_validate_json(message)
    about(tenant_id=hint.tenant_id)
    run_checks, process_runs = reconciliation.run_checks(), order_sync.process_runs()
    books_are_kept = succeeds(run_checks, hint.tenant_id, deadline)
    return succeeds(process_runs, hint.tenant_id, deadline) and books_are_kept
