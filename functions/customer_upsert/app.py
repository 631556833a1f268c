"""Reservation intake: save the booking engine's snapshot, and upsert the guest into the winery's CRM."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.http.api import Api
from cellarhand.http.routes import reservation_intake
from cellarhand.observability import observed

api = Api(reservation_intake.routes)


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
