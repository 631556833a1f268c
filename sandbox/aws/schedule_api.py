"""The part of Scheduler's API, and of CloudFormation's use of it, that ministack leaves unchecked."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import scheduler
from ministack.services.cloudformation import provisioners

from sandbox.aws.schedule_timing import InvalidScheduleError, check

SCHEDULE = "AWS::Scheduler::Schedule"
PAGE_SIZE = 100
KEPT_ON_UPDATE = ("_Fired", "_Executions")

Response = tuple[int, Mapping[str, str], bytes]
Write = Callable[[str, Mapping[str, Any]], Response]


def checked(write: Write) -> Write:
    """Refuse an expression, zone or window that AWS would refuse."""

    def check_and_write(name: str, body: Mapping[str, Any]) -> Response:
        try:
            check(body.get("ScheduleExpression", ""), body.get("ScheduleExpressionTimezone", "UTC"))
            _check_window(body.get("FlexibleTimeWindow") or {})
        except InvalidScheduleError as error:
            refused: Response = scheduler._error(400, "ValidationException", str(error))
            return refused
        return write(name, body)

    return check_and_write


def _check_window(window: Mapping[str, Any]) -> None:
    minutes = window.get("MaximumWindowInMinutes")
    if window.get("Mode") not in ("OFF", "FLEXIBLE"):
        raise InvalidScheduleError("FlexibleTimeWindow needs the Mode OFF or FLEXIBLE.")
    if (window["Mode"] == "FLEXIBLE") != (minutes is not None):
        raise InvalidScheduleError("MaximumWindowInMinutes belongs to a FLEXIBLE window and to no other.")


def remembering(update: Write) -> Write:
    """Keep what has already been started when the same times are written again."""

    def update_and_remember(name: str, body: Mapping[str, Any]) -> Response:
        key = f"{body.get('GroupName', 'default')}/{name}"
        before = scheduler._schedules.get(key) or {}
        response = update(name, body)
        after = scheduler._schedules.get(key) or {}
        same_times = all(
            before.get(field) == after.get(field)
            for field in ("ScheduleExpression", "ScheduleExpressionTimezone")
        )
        if same_times:
            after.update({field: before[field] for field in KEPT_ON_UPDATE if field in before})
        return response

    return update_and_remember


def paged(list_schedules: Callable[[Mapping[str, Any]], Response]) -> Callable[[Mapping[str, Any]], Response]:
    """Answer page by page with a `NextToken`."""

    def list_page(query: Mapping[str, Any]) -> Response:
        start, size = int(query.get("NextToken") or 0), int(query.get("MaxResults") or PAGE_SIZE)
        everything = json.loads(list_schedules({**query, "MaxResults": 10**9})[2])["Schedules"]
        page: dict[str, Any] = {"Schedules": everything[start : start + size]}
        if start + size < len(everything):
            page["NextToken"] = str(start + size)
        response: Response = scheduler._json_resp(200, page)
        return response

    return list_page


def _create(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("Name") or provisioners._physical_name(stack_name, logical_id, max_len=64)
    scheduler._ensure_default_group()
    return name, _written(scheduler._create_schedule(name, properties))


def _update(
    physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str
) -> tuple[str, dict[str, str]]:
    """Change in place; where name or group change, make the new one before the old one goes."""
    if new.get("Name", physical_id) != physical_id or new.get("GroupName") != old.get("GroupName"):
        made = _create(physical_id, new, stack_name)
        provisioners._scheduler_schedule_delete(physical_id, old)
        return made
    return physical_id, _written(scheduler._update_schedule(physical_id, new))


def _written(response: Response) -> dict[str, str]:
    answer = json.loads(response[2])
    if response[0] >= 400:
        raise ValueError(f"{SCHEDULE}: {answer['Message']}")
    return {"Arn": answer["ScheduleArn"]}


def install() -> None:
    """Check what is written, page what is read, and let CloudFormation write all of a schedule's
    properties."""
    scheduler._create_schedule = checked(scheduler._create_schedule)
    scheduler._update_schedule = checked(remembering(scheduler._update_schedule))
    scheduler._list_schedules = paged(scheduler._list_schedules)
    provisioners._RESOURCE_HANDLERS[SCHEDULE].update(create=_create, update=_update)
