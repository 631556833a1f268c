"""One winery on the stack, as its engine, its staff and an auditor of its VinSuite see it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Semaphore
from typing import Any

from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.book import Member, Order
from sandbox.winery.clients import Cellarhand
from sandbox.winery.stack import LocalStack
from tests.e2e.fault_run.wineries import Winery

FINAL = {"done", "partly_done", "failed", "nothing_to_do"}
KNOWN = {"linked", "created"}
_TURNS = Semaphore(3)
"""So many ask Cellarhand at once: with all scenes at it, each request would start a process of its own."""
MAX_SECONDS = 240.0
"""Seconds; what takes longer did not get on by itself."""


@dataclass(frozen=True)
class Told:
    """What VinSuite's book and Cellarhand say at the end. `calls` by operation, refused ones included."""

    orders: list[Order]
    members: list[Member]
    calls: dict[str, int]
    runs: list[dict[str, Any]]
    reservations: list[dict[str, Any]]
    adjustments: list[dict[str, Any]]

    @property
    def order_numbers(self) -> Counter[str]:
        """How many orders the book has under each number."""
        return Counter(order.displayed_number for order in self.orders)

    @property
    def customers(self) -> Counter[str | None]:
        """How many customers the book has under each guest's e-mail."""
        return Counter(member.email for member in self.members if member.came_by != "seed")

    @property
    def run_states(self) -> list[str]:
        """How the runs ended, in the order of their starts."""
        return [run["state"] for run in self.runs]

    @property
    def order_states(self) -> list[str]:
        """How the orders stand, in the order of their places."""
        return [reservation["order"]["state"] for reservation in self.reservations]


@dataclass(frozen=True)
class Scene:
    """The winery's reservations have places 0, 1, …; each place is a guest, unless `book` says otherwise."""

    winery: Winery
    support: Cellarhand
    simulator: RemoteSimulator
    stack: LocalStack

    @property
    def name(self) -> str:
        """The tenant's id, the same as in VinSuite."""
        return self.winery.name

    def reservation_id(self, place: int) -> str:
        """The engine's id."""
        return f"{self.name}-{place}"

    def email(self, place: int) -> str:
        """Of the place's guest."""
        return f"guest{place}@{self.name}.example.com"

    def book(self, place: int = 0, **changes: Any) -> dict[str, Any]:
        """Put a snapshot; it must be answered 200 whatever VinSuite does."""
        path = f"/v1/reservations/{self.reservation_id(place)}"
        return self._ask(self.winery.engine, "PUT", path, self.snapshot(place, **changes))

    def snapshot(self, place: int = 0, **changes: Any) -> dict[str, Any]:
        """A completed, paid visit of yesterday."""
        visit = datetime.now(UTC) - timedelta(days=1)
        usual = {
            "sequence": 1,
            "number": 7000 + place,
            "state": "completed",
            "event_id": "tasting",
            "starts_at": f"{visit.date()}T11:00",
            "booked_at": "2026-01-05T10:00:00Z",
            "party_size": 2,
            "booking_source": "WGT",
            "guest": {"email": self.email(place), "first_name": "Gil", "last_name": f"Guest{place}"},
            "fee_per_guest": 2500,
            "tax": place,
            "total": 5000 + place,
            "paid": 5000 + place,
        }
        return {**usual, **changes}

    def reservation(self, place: int = 0) -> dict[str, Any]:
        """What Cellarhand says of it."""
        return self._ask(self.winery.engine, "GET", f"/v1/reservations/{self.reservation_id(place)}")

    def until_known(self, *places: int) -> None:
        """Wait until these guests are in VinSuite."""
        for place in places:
            self.until(partial(self._is_known, place))

    def until_order_is(self, state: str, place: int = 0) -> None:
        """Wait for a state of an order."""
        self.until(lambda: self.reservation(place)["order"]["state"] == state)

    def decide(self, place: int, **decision: str) -> None:
        """Staff press the button of the list of what needs attention."""
        path = f"/v1/reservations/{self.reservation_id(place)}/retry"
        self._ask(self.winery.staff, "POST", path, decision)

    def start_run(self) -> str:
        """Staff start a run over all reservations; answers its id."""
        body = {"event_ids": ["tasting"]}
        return str(self._ask(self.winery.staff, "POST", "/v1/order-syncs", body, status=202)["run_id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """What Cellarhand says of a run."""
        return self._ask(self.winery.staff, "GET", f"/v1/order-syncs/{run_id}")

    def run_through(self) -> str:
        """Start a run and wait for its end."""
        run_id = self.start_run()
        self.until_over(run_id)
        return run_id

    def until_over(self, *run_ids: str) -> None:
        """Wait for the end of each."""
        for run_id in run_ids:
            self.until(partial(self._is_over, run_id))

    def calls(self, operation: str) -> int:
        """How often VinSuite was called so for this winery."""
        return self.simulator.calls(self.name).get(operation, 0)

    def orders(self) -> list[Order]:
        """What the book has."""
        return list(self.simulator.book(self.name).orders)

    def until(self, reached: Callable[[], bool], *, seconds: float = MAX_SECONDS, every: float = 1.5) -> None:
        """Wait; raises `AssertionError`, with how everything stands, if it takes longer."""
        end = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < end, f"{self.name} did not get on"
            time.sleep(every)

    def told(self, *run_ids: str, places: int = 1) -> Told:
        """Everything there is to judge by."""
        book = self.simulator.book(self.name)
        return Told(
            orders=list(book.orders),
            members=list(book.members),
            calls=self.simulator.calls(self.name),
            runs=[self.run(run_id) for run_id in run_ids],
            reservations=[self.reservation(place) for place in range(places)],
            adjustments=self._ask(self.winery.staff, "GET", "/v1/adjustments")["adjustments"],
        )

    def _ask(
        self, caller: Cellarhand, method: str, path: str, body: Any = None, *, status: int = 200
    ) -> dict[str, Any]:
        with _TURNS:
            return caller.ask(method, path, body, status=status)

    def _is_known(self, place: int) -> bool:
        return self.reservation(place)["customer"]["state"] in KNOWN

    def _is_over(self, run_id: str) -> bool:
        return self.run(run_id)["state"] in FINAL
