"""Look up people in the winery's CRM, and its clubs and contact types."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.http.api import Api
from cellarhand.http.routes import customers, invitations
from cellarhand.observability import observed

api = Api(customers.routes, invitations.routes)


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
