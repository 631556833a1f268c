"""The authorizer: API Gateway calls it before every route except the open ones, to identify the caller."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.observability import observed
from cellarhand.triggers.authorization import authorize


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """AWS Lambda entry point."""
    return authorize(event)
