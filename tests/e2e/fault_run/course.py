"""How the run is driven to its end: what a booking engine and the staff of a winery would do, no more."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.fault_run.bookings import Booking
from tests.e2e.fault_run.wineries import Winery

_POLL_SECONDS = 3.0
_PATIENCE = timedelta(seconds=20)
"""How far ahead the next attempt may be before staff press the button themselves."""
_FINISHED = {"done", "partly_done", "failed", "nothing_to_do"}


def until_everybody_is_known(bookings: list[Booking], *, seconds: float) -> list[Booking]:
    """Wait for every guest; staff press retry where it would take long. Answers who is still waiting."""

    def press_retry(booking: Booking, state: dict[str, Any]) -> None:
        if _is_far(state["customer"]["next_action_at"]):
            booking.winery.staff.send("POST", f"/v1/reservations/{booking.reservation_id}/retry", {})

    def is_known(state: dict[str, Any]) -> bool:
        return state["customer"]["state"] in ("linked", "created")

    return _until(bookings, is_known, press_retry, seconds)


def until_everything_is_synced(bookings: list[Booking], *, seconds: float) -> list[Booking]:
    """Start a run per winery, and another where one has ended or rests with something left."""
    runs: dict[str, str] = {}

    def start_again(booking: Booking, _state: dict[str, Any]) -> None:
        winery = booking.winery
        if winery.name not in runs or _is_idle(winery, runs[winery.name]):
            runs[winery.name] = _start(winery)

    def is_synced(state: dict[str, Any]) -> bool:
        return bool(state["order"]["state"] == "synced")

    return _until(bookings, is_synced, start_again, seconds)


def _until(
    bookings: list[Booking],
    reached: Callable[[dict[str, Any]], bool],
    push: Callable[[Booking, dict[str, Any]], None],
    seconds: float,
) -> list[Booking]:
    waiting, end = list(bookings), time.monotonic() + seconds
    while waiting and time.monotonic() < end:
        states = [(booking, booking.state()) for booking in waiting]
        waiting = [booking for booking, state in states if not reached(state)]
        for booking, state in states:
            if not reached(state):
                push(booking, state)
        time.sleep(_POLL_SECONDS if waiting else 0)
    return waiting


def _start(winery: Winery) -> str:
    return str(winery.staff.ask("POST", "/v1/order-syncs", {"event_ids": ["tasting"]}, status=202)["run_id"])


def _is_idle(winery: Winery, run_id: str) -> bool:
    run = winery.staff.ask("GET", f"/v1/order-syncs/{run_id}")
    return run["state"] in _FINISHED or _is_far(run["next_look_at"])


def _is_far(instant: str | None) -> bool:
    return instant is None or datetime.fromisoformat(instant) > datetime.now(UTC) + _PATIENCE
