"""A tenant's schedule in EventBridge Scheduler: it calls `order_sync` with the time that was due."""

import json
from typing import TYPE_CHECKING, Any

from cellarhand.adapters import aws
from cellarhand.domain.errors import InvalidRequestError
from cellarhand.ports.schedules import WantedSchedule

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

RETRIES = 10
OLDEST_EVENT_SECONDS = 3600
"""A run that could not start within the hour is left to the next one; its dead letter raises an alarm."""


class EventBridgeSchedules:
    """Implements the `Schedules` port. Schedules are named by job and tenant, in the stack's own group.

    `window_minutes` spreads schedules of the same minute over so many; 0 starts each on its minute.
    """

    def __init__(
        self, group: str, target_arn: str, role_arn: str, dlq_arn: str, *, window_minutes: int
    ) -> None:
        self._group = group
        self._target_arn = target_arn
        self._role_arn = role_arn
        self._dlq_arn = dlq_arn
        self._window_minutes = window_minutes

    def put(self, schedule: WantedSchedule) -> None:
        from botocore.exceptions import ClientError

        request = self._request(schedule)
        with aws.storage_errors():
            try:
                self._create_or_update(request)
            except ClientError as error:
                if aws.error_code(error) != "ValidationException":
                    raise
                raise InvalidRequestError(_reason(error), code="schedule_refused") from error

    def remove(self, tenant_id: str) -> None:
        from botocore.exceptions import ClientError

        with aws.storage_errors():
            try:
                self._client.delete_schedule(GroupName=self._group, Name=_name(tenant_id))
            except ClientError as error:
                if aws.error_code(error) != "ResourceNotFoundException":
                    raise

    def get(self, tenant_id: str) -> WantedSchedule | None:
        from botocore.exceptions import ClientError

        with aws.storage_errors():
            try:
                found = self._client.get_schedule(GroupName=self._group, Name=_name(tenant_id))
            except ClientError as error:
                if aws.error_code(error) != "ResourceNotFoundException":
                    raise
                return None
        zone = found.get("ScheduleExpressionTimezone", "UTC")
        return WantedSchedule(tenant_id, found["ScheduleExpression"], zone)

    @property
    def _client(self) -> "EventBridgeSchedulerClient":
        return aws.scheduler()

    def _create_or_update(self, request: dict[str, Any]) -> None:
        from botocore.exceptions import ClientError

        try:
            self._client.create_schedule(**request)
        except ClientError as error:
            if aws.error_code(error) != "ConflictException":
                raise
            self._client.update_schedule(**request)

    def _request(self, schedule: WantedSchedule) -> dict[str, Any]:
        return {
            "GroupName": self._group,
            "Name": _name(schedule.tenant_id),
            "ScheduleExpression": schedule.expression,
            "ScheduleExpressionTimezone": schedule.timezone,
            "FlexibleTimeWindow": self._window(),
            "Target": {
                "Arn": self._target_arn,
                "RoleArn": self._role_arn,
                "Input": _input(schedule.tenant_id),
                "RetryPolicy": {
                    "MaximumRetryAttempts": RETRIES,
                    "MaximumEventAgeInSeconds": OLDEST_EVENT_SECONDS,
                },
                "DeadLetterConfig": {"Arn": self._dlq_arn},
            },
        }

    def _window(self) -> dict[str, Any]:
        if not self._window_minutes:
            return {"Mode": "OFF"}
        return {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": self._window_minutes}


def _name(tenant_id: str) -> str:
    return f"order_sync-{tenant_id}"


def _input(tenant_id: str) -> str:
    """The scheduler puts in the time that was due: the run's id, so that a call made twice starts one run."""
    event = {"job": "order_sync", "tenant_id": tenant_id, "scheduled_time": "<aws.scheduler.scheduled-time>"}
    return json.dumps(event)


def _reason(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Message") or "the clock refuses the schedule")
