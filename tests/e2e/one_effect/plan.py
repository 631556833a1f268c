"""How VinSuite fails in each winery: rules that name it, set once, so that all of them fail side by side."""

from collections.abc import Iterator
from typing import Any

BEHAVIOURS: dict[str, Any] = {"repeated_email": "creates_second", "order_creates_member": False}
"""So that a second customer is visible in the book."""

NEVER_EXECUTED: dict[str, Any] = {"kind": "timeout_before_commit", "seconds": 10, "times": 1}
REPLY_LOST: dict[str, Any] = {"kind": "timeout_after_commit", "seconds": 10, "times": 1}
SLOW: dict[str, Any] = {"kind": "slow", "seconds": 4, "times": 1}
"""Time to find the caller and kill it; executed all the same when it is dead by then."""

LOST_REPLIES: dict[str, dict[str, Any]] = {
    "reply-lost": REPLY_LOST,
    "executed-late": {"kind": "late_execution", "seconds": 10, "late_seconds": 2, "times": 1},
    "fault-after-all": {"kind": "fault", "executed": True, "times": 1},
    "reply-cut": {"kind": "cut_reply", "times": 1},
}
"""Each executes the first order and does not say so, by the winery that meets it."""

_ON_ORDERS: dict[str, dict[str, Any]] = {
    **LOST_REPLIES,
    "killed-executed": SLOW,
    "killed-before": NEVER_EXECUTED,
    "cancelled-executed": REPLY_LOST,
    "cancelled-before": NEVER_EXECUTED,
    "it-is-there": REPLY_LOST,
    "send-again": NEVER_EXECUTED,
    "rotated-login": {"kind": "slow", "seconds": 1.0},
}
_ON_CUSTOMERS: dict[str, dict[str, Any]] = {
    "guest-executed": SLOW,
    "guest-before": NEVER_EXECUTED,
}
_OUTAGE: dict[str, Any] = {"kind": "artificial_cap", "max_in_flight": 0}


def rules() -> list[dict[str, Any]]:
    """All of them."""
    return [
        *_of_operation("AddOrder", _ON_ORDERS),
        *_of_operation("AddUpdateMember", _ON_CUSTOMERS),
        {**_OUTAGE, "winery": "outage"},
    ]


def _of_operation(operation: str, by_winery: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for name, rule in by_winery.items():
        yield {**rule, "winery": name, "operations": [operation]}
