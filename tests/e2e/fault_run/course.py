"""How the run is driven to its end: what a booking engine and the staff of a winery would do, no more."""

import time
from collections.abc import Callable
from typing import Any

from tests.e2e.fault_run.bookings import Booking
from tests.e2e.fault_run.wineries import Winery

_POLL_SECONDS = 3.0
_FINISHED = {"done", "partly_done", "failed", "nothing_to_do"}


def until_everybody_is_known(bookings: list[Booking], *, seconds: float) -> list[Booking]:
    """Wait for every guest; staff press retry where the login was refused. Answers who is still waiting."""

    def retry_refused(booking: Booking, state: dict[str, Any]) -> None:
        if state["customer"]["reason"] == "crm_login_refused":
            booking.winery.staff.send("POST", f"/v1/reservations/{booking.reservation_id}/retry", {})

    def is_known(state: dict[str, Any]) -> bool:
        return state["customer"]["state"] in ("linked", "created")

    return _until(bookings, is_known, retry_refused, seconds)


def until_everything_is_synced(bookings: list[Booking], *, seconds: float) -> list[Booking]:
    """Start a run per winery, and a new one after a run has ended with something left."""
    runs: dict[str, str] = {}

    def start_again(booking: Booking, _state: dict[str, Any]) -> None:
        winery = booking.winery
        if winery.name not in runs or _has_ended(winery, runs[winery.name]):
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


def _has_ended(winery: Winery, run_id: str) -> bool:
    return winery.staff.ask("GET", f"/v1/order-syncs/{run_id}")["state"] in _FINISHED
