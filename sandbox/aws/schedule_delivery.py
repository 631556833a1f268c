"""Bring one execution of a schedule to its target, or to the schedule's dead-letter queue with the reason."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import eventbridge, lambda_svc, sqs


class DeliveryError(Exception):
    """The target did not take the event; the schedule's retry policy decides what follows."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def invoke(schedule: Mapping[str, Any], execution: Mapping[str, Any]) -> None:
    """Hand the event to the target. Raises DeliveryError.

    As on AWS a function counts as reached once Lambda has queued the event; its own failures are Lambda's to
    retry.
    """
    target = schedule["Target"]
    service = parse_arn(target["Arn"]).service
    payload = payload_of(schedule, execution)
    if service == "lambda":
        _invoke_function(target["Arn"], payload)
    elif service == "sqs":
        _send_message(target, payload)
    else:
        eventbridge._invoke_target({**target, "Input": payload}, {"Detail": "{}"}, schedule)


def _invoke_function(arn: str, payload: str) -> None:
    function, configuration, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not configuration:
        raise DeliveryError("ResourceNotFoundException", f"Function not found: {name}")
    try:
        event = json.loads(payload)
    except ValueError as error:
        raise DeliveryError(
            "InvalidRequestContentException", "The Input of the schedule is no JSON."
        ) from error
    lambda_svc.invoke_async_with_retry(
        lambda_svc._execution_record_for_config(function, configuration), event
    )


def _send_message(target: Mapping[str, Any], payload: str) -> None:
    spec = parse_arn(target["Arn"])
    if sqs._queue_by_arn(target["Arn"]) is None:
        raise DeliveryError("AWS.SimpleQueueService.NonExistentQueue", f"Queue not found: {spec.resource}")
    eventbridge._dispatch_to_sqs(spec, payload, target.get("SqsParameters") or {})


def payload_of(schedule: Mapping[str, Any], execution: Mapping[str, Any]) -> str:
    """The target's input with its context attributes filled in, or AWS's notification without one."""
    text = schedule["Target"].get("Input") or json.dumps(_notification(schedule, execution))
    attributes = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": timestamp(execution["Due"]),
        "execution-id": execution["Id"],
        "attempt-number": str(execution["Attempts"] + 1),
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return str(text)


def _notification(schedule: Mapping[str, Any], execution: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": "0",
        "id": execution["Id"],
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": get_account_id(),
        "time": timestamp(execution["Due"]),
        "region": get_region(),
        "resources": [schedule["Arn"]],
        "detail": "{}",
    }


def bury(
    schedule: Mapping[str, Any], execution: Mapping[str, Any], error: DeliveryError, reason: str
) -> None:
    """Put the event into the dead-letter queue, with why in its attributes; without a queue it is lost."""
    queue = sqs._queue_by_arn((schedule["Target"].get("DeadLetterConfig") or {}).get("Arn", ""))
    if queue is None:
        return
    attributes = {
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": error.message,
        "EXECUTION_ID": execution["Id"],
        "EXHAUSTED_RETRY_CONDITION": reason,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(execution["Attempts"] - 1),
        "SCHEDULED_TIME": timestamp(execution["Due"]),
        "SCHEDULE_ARN": schedule["Arn"],
        "TARGET_ARN": schedule["Target"]["Arn"],
    }
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    message = {
        "id": new_uuid(),
        "body": payload_of(schedule, execution),
        "message_attributes": typed,
        "md5_attrs": sqs._md5_msg_attrs(typed),
    }
    sqs._ensure_msg_fields(message)
    queue["messages"].append(message)
    lambda_svc.esm_wake.set()


def timestamp(epoch: float) -> str:
    """As AWS writes instants into events: UTC, whole seconds."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
