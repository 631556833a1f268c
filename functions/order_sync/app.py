"""Staff or the clock start sync runs; runs and reservations are shown and decided upon."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from cellarhand.adapters.system import LambdaContext
from cellarhand.bootstrap import order_sync as wired_order_sync
from cellarhand.http.api import Api
from cellarhand.http.routes import adjustments, order_sync, reconciliation, reservations
from cellarhand.observability import about, logger, observed

api = Api(reservations.routes, order_sync.routes, reconciliation.routes, adjustments.routes)


class ScheduledSync(BaseModel):
    """What a tenant's schedule sends."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    job: Literal["order_sync"]
    tenant_id: str
    scheduled_time: AwareDatetime


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any] | None:
    """AWS Lambda entry point, for API Gateway and for EventBridge Scheduler."""
    if "job" not in event:
        return api.resolve(event, context)
    wanted = ScheduledSync.model_validate(event)
    about(tenant_id=wanted.tenant_id)
    run = wired_order_sync.start_scheduled_run()(wanted.tenant_id, wanted.scheduled_time)
    logger.info("scheduled run", run_id=run.run_id if run else None)
    return None
