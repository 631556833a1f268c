"""Every way in which the simulator can fail, dosed so that each fires five times or more, then no more."""

from typing import Any

MIN_FIRED = 5
_TIMES = 6
_EVERY_NTH = 3

BEHAVIOURS: dict[str, Any] = {"repeated_email": "creates_second", "order_creates_member": False}
"""So that a second or a missing customer is visible in the book."""

_READ_FAULTS = ("bad_login", "inactive_account")
_WRITE_FAULTS: dict[str, dict[str, Any]] = {
    "fault": {},
    "timeout_before_commit": {"seconds": 10},
    "timeout_after_commit": {"seconds": 10},
    "late_execution": {"seconds": 10, "late_seconds": 2},
    "garbage_reply": {},
    "cut_reply": {},
    "connection_reset": {},
    "artificial_cap": {"max_in_flight": 0},
}
_ALWAYS: tuple[dict[str, Any], ...] = (
    {"kind": "hold_means_inactive", "operations": ["GetMembers"]},
    {"kind": "refused_duplicates", "operations": ["AddOrder"]},
)
"""Not failures by themselves: they fire when the occasion comes. A repeated order number must not come."""


def while_booking() -> list[dict[str, Any]]:
    """Faults on finding and adding customers."""
    slow = _dosed("slow", ["GetMembers"], seconds=0.8)
    reads = [_dosed(kind, ["GetMembers"]) for kind in _READ_FAULTS]
    return [*_ALWAYS, slow, *reads, *_writes("AddUpdateMember")]


def while_syncing() -> list[dict[str, Any]]:
    """Faults on adding orders, and on the reads before and after."""
    slow = _dosed("slow", ["GetProducts", "GetOrders"], seconds=0.8)
    return [*_ALWAYS, slow, _dosed("bad_login", ["AddOrder"]), *_writes("AddOrder")]


def dosed_kinds() -> set[str]:
    """What must have fired often enough."""
    return {"slow", "hold_means_inactive", *_READ_FAULTS, *_WRITE_FAULTS}


def _writes(operation: str) -> list[dict[str, Any]]:
    return [_dosed(kind, [operation], **parameters) for kind, parameters in _WRITE_FAULTS.items()]


def _dosed(kind: str, operations: list[str], **parameters: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "operations": operations,
        "every_nth": _EVERY_NTH,
        "times": _TIMES,
        **parameters,
    }
