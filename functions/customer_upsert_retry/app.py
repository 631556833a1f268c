"""Hints from the queue `customer-upsert-retry`: guests whose first upsert into the CRM did not succeed."""

from typing import Any

from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.observability import observed
from cellarhand.triggers.customer_upsert_retry import upsert_guests
from cellarhand.triggers.record_batch import FailedItems, failed_messages


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> FailedItems:
    """AWS Lambda entry point. Names the messages that failed; after five receives they are dead letters."""
    return failed_messages(event, lambda message: upsert_guests(message, InvocationDeadline(context)))
