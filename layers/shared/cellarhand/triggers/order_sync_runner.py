"""Hints from the queue `order-sync`: run a tenant's due checks, and process its sync runs."""

from cellarhand.bootstrap import order_sync, reconciliation
from cellarhand.domain.models import StrictModel
from cellarhand.observability import about
from cellarhand.ports.runtime import Deadline

from .record_batch import succeeds


class SyncHint(StrictModel):
    """The tenant whose runs or checks may be due."""

    tenant_id: str


def sync_orders(message: str, deadline: Deadline) -> bool:
    """Process one hint. If the checks or the runs fail, the others still run; the answer is then False."""
    hint = SyncHint.model_validate_json(message)
    about(tenant_id=hint.tenant_id)
    run_checks, process_runs = reconciliation.run_checks(), order_sync.process_runs()
    checks_succeed = succeeds(run_checks, hint.tenant_id, deadline)
    return succeeds(process_runs, hint.tenant_id, deadline) and checks_succeed
