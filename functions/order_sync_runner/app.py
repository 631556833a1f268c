"""Hints from the queue `order-sync`: keep a tenant's books, and drain its sync runs into orders."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.bootstrap import order_sync, reconciliation
from cellarhand.observability import about, observed, report_failure
from cellarhand.ports import Deadline

Work = Callable[[str, Deadline], None]


class SyncHint(BaseModel):
    """Which tenant's runs may be due."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant_id: str


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point. Names the messages that failed; after five receives they are dead letters."""
    failed = [message["messageId"] for message in event["Records"] if not _is_done(message, context)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_done(message: dict[str, Any], context: LambdaContext) -> bool:
    try:
        hint = SyncHint.model_validate_json(message["body"])
        about(tenant_id=hint.tenant_id)
        keep_books, drain_sync_runs = reconciliation.keep_books(), order_sync.drain_sync_runs()
    except Exception as failure:
        report_failure(failure)
        return False
    books_are_kept = _is_ended(keep_books, hint.tenant_id, context)
    return _is_ended(drain_sync_runs, hint.tenant_id, context) and books_are_kept


def _is_ended(work: Work, tenant_id: str, context: LambdaContext) -> bool:
    """Whether one kind of work ended well: the other goes on without it."""
    try:
        work(tenant_id, InvocationDeadline(context))
    except Exception as failure:
        report_failure(failure)
        return False
    return True
