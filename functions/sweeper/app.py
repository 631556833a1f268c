"""Run every minute: find due work whose message was lost, and send a new one."""

from typing import Any

from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.bootstrap import schedules
from cellarhand.observability import logger, observed


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """AWS Lambda entry point."""
    sweep = schedules.sweep_due_work()(InvocationDeadline(context))
    logger.info("swept", hints=sweep.hints, oldest_seconds=sweep.oldest_seconds, complete=sweep.is_complete)
