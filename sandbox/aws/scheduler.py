"""Gap: ministack runs EventBridge Scheduler in UTC, tries once, and fires one-time schedules again after a
restart.

Here a schedule keeps what it has started in its own record, which autosave writes: when it last fired and the
executions that are still to be delivered. So a restart repeats nothing and forgets nothing.
"""

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from ministack.core import responses
from ministack.services import scheduler

from sandbox.aws import schedule_api, schedule_timing
from sandbox.aws.schedule_delivery import DeliveryError, bury, invoke

CLOCK_START = "SCHEDULER_CLOCK"
"""Environment variable: an ISO instant at which the clock starts, so that tests need not wait for one."""

TICK_SECONDS = 0.5
DEFAULT_RETRIES = 185
DEFAULT_MAXIMUM_AGE = 86_400
FIRST_BACKOFF, MAX_BACKOFF = 1.0, 60.0

Schedule = dict[str, Any]

logger = logging.getLogger(__name__)

_ahead = 0.0


def now() -> float:
    """The scheduler's clock, seconds since 1970."""
    return time.time() + _ahead


def tick() -> None:
    """Start what is due and deliver what has been started."""
    for (account, region, key), schedule in list(scheduler._schedules._data.items()):
        with _request_scope(account, region):
            try:
                if schedule["State"] == "ENABLED":
                    _start_if_due(schedule)
                _deliver_started(schedule)
                if _is_completed(schedule):
                    scheduler._schedules.pop(key, None)
            except Exception:
                logger.exception("schedule %s", schedule.get("Arn"))


@contextmanager
def _request_scope(account: str, region: str) -> Iterator[None]:
    before = responses.get_account_id(), responses.get_region()
    responses.set_request_account_id(account)
    responses.set_request_region(region)
    try:
        yield
    finally:
        responses.set_request_account_id(before[0])
        responses.set_request_region(before[1])


def _start_if_due(schedule: Schedule) -> None:
    due = _due(schedule)
    if due is None or due > now():
        return
    schedule["_Fired"] = now()
    execution = {"Id": responses.new_uuid(), "Due": due, "Attempts": 0, "Next": now() + _jitter(schedule)}
    schedule.setdefault("_Executions", []).append(execution)


def _due(schedule: Schedule) -> float | None:
    """When it is due next; None when it is over. Start and end date do not bind a one-time schedule."""
    expression, zone = schedule["ScheduleExpression"], schedule.get("ScheduleExpressionTimezone") or "UTC"
    fired = schedule.get("_Fired")
    start = scheduler._to_epoch(schedule.get("StartDate")) or 0.0
    since = max(schedule["LastModificationDate"], start)
    moment = schedule_timing.next_due(
        expression,
        zone,
        datetime.fromtimestamp(since, UTC),
        datetime.fromtimestamp(fired, UTC) if fired else None,
    )
    end = scheduler._to_epoch(schedule.get("EndDate"))
    ended = moment and end and moment.timestamp() > end and not schedule_timing.is_one_time(expression)
    return moment.timestamp() if moment and not ended else None


def _jitter(schedule: Schedule) -> float:
    """Seconds into the flexible time window."""
    minutes = (schedule.get("FlexibleTimeWindow") or {}).get("MaximumWindowInMinutes") or 0
    return secrets.randbelow(minutes * 60 * 1000) / 1000 if minutes else 0.0


def _deliver_started(schedule: Schedule) -> None:
    for execution in [started for started in schedule.get("_Executions", []) if started["Next"] <= now()]:
        try:
            invoke(schedule, execution)
        except DeliveryError as error:
            _failed(schedule, execution, error)
        else:
            schedule["_Executions"].remove(execution)


def _failed(schedule: Schedule, execution: dict[str, Any], error: DeliveryError) -> None:
    """Set the next attempt, or bury the event when the retry policy allows none."""
    execution["Attempts"] += 1
    execution["Next"] = now() + min(FIRST_BACKOFF * 2 ** (execution["Attempts"] - 1), MAX_BACKOFF)
    policy = schedule["Target"].get("RetryPolicy") or {}
    reason = ""
    if execution["Attempts"] > policy.get("MaximumRetryAttempts", DEFAULT_RETRIES):
        reason = "MaximumRetryAttempts"
    elif execution["Next"] - execution["Due"] > policy.get("MaximumEventAgeInSeconds", DEFAULT_MAXIMUM_AGE):
        reason = "MaximumEventAgeInSeconds"
    if reason:
        logger.warning("schedule %s: %s", schedule["Arn"], error)
        bury(schedule, execution, error, reason)
        schedule["_Executions"].remove(execution)


def _is_completed(schedule: Schedule) -> bool:
    """Whether nothing is left to do and the schedule asked to be deleted then."""
    if schedule.get("ActionAfterCompletion") != "DELETE" or schedule.get("_Executions"):
        return False
    return _due(schedule) is None


def install() -> None:
    """Put this clock, this ticker and the checked API in the place of ministack's."""
    global _ahead
    if start := os.environ.get(CLOCK_START):
        _ahead = datetime.fromisoformat(start).timestamp() - time.time()
    schedule_api.install()
    scheduler._now = now
    scheduler._tick_schedules = tick
    scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
