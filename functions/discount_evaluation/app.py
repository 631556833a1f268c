"""Quote the price of a visit with its reasons, and simulate other discount rules."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.http.api import Api
from cellarhand.http.routes import discounts
from cellarhand.observability import observed

api = Api(discounts.routes)


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
