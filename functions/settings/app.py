"""Settings, access keys, events, discount schema, schedule; public pages; paths that no function serves."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.http.api import Api
from cellarhand.http.routes import access_keys, discount_schema, events, public, schedules, settings
from cellarhand.observability import observed

api = Api(*(room.routes for room in (access_keys, settings, events, discount_schema, schedules, public)))


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
