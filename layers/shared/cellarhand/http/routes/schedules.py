"""The schedule on which a winery's orders are synced."""

from typing import Any

from cellarhand.bootstrap import schedules, tenants
from cellarhand.domain.order_sync.schedule import SchedulePlan
from cellarhand.http.api import STAFF, STAFF_AND_SUPPORT, SUPPORT, Request, Routes
from cellarhand.use_cases.schedules.manage_schedule import ScheduleView

routes = Routes()


@routes.route("GET", "/v1/schedule", roles=STAFF_AND_SUPPORT)
def read_schedule(request: Request[Any]) -> ScheduleView:
    """The schedule and its status."""
    return schedules.get_schedule()(request.tenant_id)


@routes.route(
    "PUT",
    "/v1/schedule",
    roles=SUPPORT,
    body=SchedulePlan,
)
def write_schedule(request: Request[SchedulePlan]) -> ScheduleView:
    """Write the schedule item; the status follows within seconds."""
    view = schedules.put_schedule()(request.tenant_id, request.body, request.caller.key_id)
    tenants.audit_trail().note(request.tenant_id, request.caller, "schedule_written")
    return view


@routes.route("POST", "/v1/schedule/pause", roles=STAFF, problems=("changed_meanwhile",))
def pause_schedule(request: Request[Any]) -> ScheduleView:
    """Pause the schedule until it is resumed."""
    view = schedules.pause_schedule()(request.tenant_id)
    tenants.audit_trail().note(request.tenant_id, request.caller, "schedule_paused")
    return view


@routes.route("POST", "/v1/schedule/resume", roles=STAFF, problems=("changed_meanwhile",))
def resume_schedule(request: Request[Any]) -> ScheduleView:
    """Resume the schedule."""
    view = schedules.resume_schedule()(request.tenant_id)
    tenants.audit_trail().note(request.tenant_id, request.caller, "schedule_resumed")
    return view
