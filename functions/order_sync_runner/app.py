"""Hints from the queue `order-sync`: run a tenant's due checks, and process its sync runs."""

from typing import Any

from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.observability import observed
from cellarhand.triggers.order_sync_runner import sync_orders
from cellarhand.triggers.record_batch import FailedItems, failed_messages


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> FailedItems:
    """AWS Lambda entry point. Names the messages that failed; after five receives they are dead letters."""
    return failed_messages(event, lambda message: sync_orders(message, InvocationDeadline(context)))
