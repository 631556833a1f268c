"""A winery's CRM with moods: down, slow, late, half broken; it lets one password in, and shows news late."""

from collections.abc import Callable
from enum import StrEnum
from itertools import cycle
from typing import Any

from cellarhand.domain.customers.customer import Customer, CustomerData
from cellarhand.domain.orders.order import FoundOrder, Order, OrderNumber
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.crm import WriteResult
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.time import FakeClock
from tests.simulation.stateful.stores import Mortality
from tests.unit.order_sync.given import SKUS

ALMOST = 0.95
"""Of a bound is used: beyond it nobody promises anything."""


class Mood(StrEnum):
    """How calls go."""

    WELL = "well"
    DOWN = "down"
    SLOW = "slow"
    """Every call takes until its time-out; what is written is executed."""
    LATE = "late"
    """Writes are not answered, and executed as late as can be."""
    HALF_BROKEN = "half_broken"


_STEPS = {
    Mood.WELL: (Step.NORMAL,),
    Mood.DOWN: (Step.UNAVAILABLE,),
    Mood.SLOW: (Step.UNKNOWN_EXECUTED,),
    Mood.LATE: (Step.LATE, Step.NORMAL),
    Mood.HALF_BROKEN: (
        Step.NORMAL,
        Step.UNKNOWN_NOT_EXECUTED,
        Step.NORMAL,
        Step.UNKNOWN_EXECUTED,
        Step.REFUSED,
        Step.NORMAL,
        Step.NOT_DONE,
    ),
}
WRITES = ("create_order", "upsert_customer")


class MoodyCrm(InMemoryCrm):
    """Its book is the judge. `ours` are the customers that were created through the gateway."""

    def __init__(
        self, clock: FakeClock, timers: Timers, mortality: Mortality, lets_in: Callable[[], bool]
    ) -> None:
        super().__init__(skus=SKUS, now=clock.now, before_call=self._interrupt)
        self.clock = clock
        self.mortality = mortality
        self.timers = timers
        self.ours: set[str] = set()
        self.meanwhile: list[Callable[[], object]] = []
        self._lets_in = lets_in
        self._came_at: dict[str, float] = {}
        self._late_since: float | None = None
        self.feel(Mood.WELL)

    def feel(self, mood: Mood) -> None:
        """From now on."""
        self.mood = mood
        self._steps = cycle(_STEPS[mood])

    @property
    def latest_release(self) -> float | None:
        """When what is held back must have been executed, in the clock's seconds; None: nothing is."""
        since = self._late_since
        return None if since is None else since + self.timers.late_execution * ALMOST

    def release(self) -> list[WriteResult]:
        self._late_since = None
        return super().release()

    def edit_order(self, order: Order) -> None:
        """Staff change the total of an order in the CRM itself."""
        which, entry = next((n, entry) for n, entry in enumerate(self._book) if entry.order == order)
        dearer = order.model_copy(update={"total": order.total + 100})
        self._book[which] = entry._replace(order=dearer, changed_at=self.clock.now())

    def order_id_of(self, order: Order) -> str:
        """Of an order in the book."""
        return next(entry.order_id for entry in self._book if entry.order == order)

    def put_customer(self, customer: Customer) -> None:
        super().put_customer(customer)
        self._came_at[customer.customer_id] = self.clock.monotonic()

    def put_order(self, order: Order, order_id: str | None = None) -> str:
        id_ = super().put_order(order, order_id)
        self._came_at[id_] = self.clock.monotonic()
        return id_

    def find_customers(self, **arguments: Any) -> list[Customer]:
        return [c for c in super().find_customers(**arguments) if self._shows(c.customer_id)]

    def find_orders(self, number: OrderNumber, **arguments: Any) -> list[FoundOrder]:
        return [o for o in super().find_orders(number, **arguments) if self._shows(o.crm_order_id)]

    def _keep_customer(self, data: CustomerData) -> WriteResult:
        result = super()._keep_customer(data)
        if result.id and data.customer_id is None:
            self.ours.add(result.id)
            self._came_at[result.id] = self.clock.monotonic()
        return result

    def _shows(self, id_: str) -> bool:
        since = self._came_at.get(id_)
        return since is None or self.clock.monotonic() - since >= self.timers.read_lag * ALMOST

    def _step(self, method: str, arguments: Any, timeout: float) -> Step:
        scripted = super()._step(method, arguments, timeout)
        if not self._lets_in():
            return Step.LOGIN_REFUSED
        if self.mood is Mood.SLOW:
            self.clock.advance(seconds=timeout)
        step = next(self._steps) if scripted is Step.NORMAL else scripted
        if step is not Step.LATE:
            return step
        if method not in WRITES:
            return Step.NORMAL
        self._late_since = self._late_since or self.clock.monotonic()
        return step

    def _interrupt(self, _: str) -> None:
        if self.meanwhile:
            with self.mortality.of_another():
                self.meanwhile.pop()()
