"""Start sync runs, for staff or on schedule; show staff runs, reservations and differences to decide on."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.http.api import Api
from cellarhand.http.routes import adjustments, order_sync, reconciliation, reservations
from cellarhand.observability import observed
from cellarhand.triggers.scheduled_sync import is_scheduled, start_scheduled_run

api = Api(reservations.routes, order_sync.routes, reconciliation.routes, adjustments.routes)


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any] | None:
    """AWS Lambda entry point, for API Gateway and for EventBridge Scheduler."""
    if not is_scheduled(event):
        return api.resolve(event, context)
    start_scheduled_run(event)
    return None
