"""A tenant's schedule is due: start its sync run."""

from typing import Any, Literal

from pydantic import AwareDatetime

from cellarhand.bootstrap import order_sync
from cellarhand.domain.models import StrictModel
from cellarhand.observability import about, logger


class ScheduledSync(StrictModel):
    """What EventBridge Scheduler sends; `scheduled_time` names the run, so a repeat starts no second one."""

    job: Literal["order_sync"]
    tenant_id: str
    scheduled_time: AwareDatetime


def is_scheduled(event: dict[str, Any]) -> bool:
    """Whether EventBridge Scheduler sent this event, not API Gateway."""
    return "job" in event


def start_scheduled_run(event: dict[str, Any]) -> None:
    """Start the run, unless it was started before."""
    sync = ScheduledSync.model_validate(event)
    about(tenant_id=sync.tenant_id)
    run = order_sync.start_scheduled_run()(sync.tenant_id, sync.scheduled_time)
    logger.info("scheduled run", run_id=run.run_id if run else None)
