"""The condition on every write, and how a failed one is judged.

botocore sends a request again when its reply was lost, and the second copy then fails its condition against
the first one's write. So every write is signed with a fresh `write_id`, and DynamoDB is asked to show what it
holds when the condition fails: if that is ours, we had won.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellarhand.adapters.aws import error_code
from cellarhand.domain.records import Record

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_LOST_TO_ANOTHER = frozenset({"ConditionalCheckFailed", "TransactionConflict", "DuplicateItem"})


def unchanged(record: Record, now: datetime) -> dict[str, Any]:
    """Parameters of a write that holds only while the stored version is the record's (0: nothing is stored).

    An expired item counts as nothing, as it does for readers.
    """
    values = {":now": {"N": str(math.floor(now.timestamp()))}}
    if record.version == 0:
        condition = "attribute_not_exists(pk) OR expires_at <= :now"
        return {"ConditionExpression": condition, "ExpressionAttributeValues": values}
    still_valid = "(attribute_not_exists(expires_at) OR expires_at > :now)"
    return {
        "ConditionExpression": f"#version = :version AND {still_valid}",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":version": {"N": str(record.version)}, **values},
    }


def is_conflict(error: "ClientError") -> bool:
    """Whether a single write lost to another one, or was so judged."""
    return error_code(error) in {"ConditionalCheckFailedException", "TransactionConflictException"}


def is_cancelled_by_conflict(error: "ClientError") -> bool:
    """Whether a transaction was cancelled for its conditions, or for running into another one."""
    return any(reason.get("Code") in _LOST_TO_ANOTHER for reason in _reasons(error))


def was_ours(error: "ClientError", write_id: str) -> bool:
    """Whether what made the write fail is the very same write, executed before its reply was lost."""
    shown = [_shown_item(error), *(reason.get("Item") for reason in _reasons(error))]
    return any(_signed(item, write_id) for item in shown if item)


def _reasons(error: "ClientError") -> list[dict[str, Any]]:
    reasons: list[dict[str, Any]] = dict(error.response).get("CancellationReasons", [])  # type: ignore[assignment]
    return reasons


def _shown_item(error: "ClientError") -> Mapping[str, Any] | None:
    item: Mapping[str, Any] | None = dict(error.response).get("Item")  # type: ignore[assignment]
    return item


def _signed(item: Mapping[str, Any], write_id: str) -> bool:
    return bool(item.get("write_id", {}).get("S") == write_id)
