"""Process a batch of queue messages or stream records, and report to AWS which of them failed."""

from collections.abc import Callable
from typing import Any

from cellarhand.observability import about, report_failure

FailedItems = dict[str, list[dict[str, str]]]
"""Lambda's `batchItemFailures`."""


def failed_messages(event: dict[str, Any], handle: Callable[[str], object]) -> FailedItems:
    """Handle the body of each SQS message; one that fails doesn't stop the others, and is received again."""
    messages = event["Records"]
    failed = [message["messageId"] for message in messages if not _is_handled(handle, message["body"])]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def first_failed_change(event: dict[str, Any], handle: Callable[[dict[str, Any]], object]) -> FailedItems:
    """Handle a DynamoDB stream's changes in order, up to the first that fails: the stream resumes there."""
    for change in (record["dynamodb"] for record in event["Records"]):
        if not _is_handled(handle, change):
            return {"batchItemFailures": [{"itemIdentifier": change["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def succeeds[**P](work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether the work neither raised nor answered False. What it raised is reported here."""
    try:
        return work(*args, **kwargs) is not False
    except Exception as failure:
        report_failure(failure)
        return False


def _is_handled[T](handle: Callable[[T], object], item: T) -> bool:
    about(tenant_id=None)  # log lines must not name the previous item's tenant before this one's is known
    return succeeds(handle, item)
