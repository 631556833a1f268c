"""The settings table's stream: a schedule item or its tenant changed, so make EventBridge Scheduler match."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.observability import observed
from cellarhand.triggers.record_batch import FailedItems, first_failed_change
from cellarhand.triggers.schedule_change import apply_change


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> FailedItems:  # noqa: ARG001
    """AWS Lambda entry point. Names the first change that failed; the stream resumes there."""
    return first_failed_change(event, apply_change)
