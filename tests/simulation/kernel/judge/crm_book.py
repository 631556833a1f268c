"""A winery's CRM as the judge sees it: what was executed, and when. It never asks who was right."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from cellarhand.domain.customers.customer import Customer, CustomerData
from cellarhand.domain.orders.order import Order
from cellarhand.ports.crm import CrmLogin, WriteResult
from cellarhand.ports.runtime import Clock
from tests.fakes.crm import InMemoryCrm
from tests.simulation.kernel.ports.seam import ALMOST

USUALLY_TAKES = 0.4
"""Seconds."""


class Sent(NamedTuple):
    """An order about to leave us, and when (true seconds)."""

    order: Order
    at: float


class Came(NamedTuple):
    """An order as it was entered, whatever people have done with it since, and when (true seconds)."""

    order: Order
    at: float


class CrmBook(InMemoryCrm):
    """Its reads may hide what is newer than the bound says; only one login is let in.

    `orders` are as people left them, `came` is all that was ever entered: nobody's correction hides a double.
    """

    def __init__(self, clock: Clock, now: Callable[[], float], skus: set[str]) -> None:
        super().__init__(skus=skus, now=clock.now)
        self._true_now = now
        self.came_at: dict[str, float] = {}
        self.password = "first"
        self.takes = USUALLY_TAKES
        self.sent: list[Sent] = []
        self.came: list[Came] = []
        self.most_waiting = 0
        self._waiting = 0

    @property
    def orders_came_at(self) -> list[float]:
        """When each order was executed (true seconds)."""
        return [came.at for came in self.came]

    def lets_in(self, login: CrmLogin) -> bool:
        """Whether this is the winery's login."""
        return login.password == self.password

    def answers_within(self, timeout: float) -> bool:
        """Whether a reply comes before the caller hangs up; one that takes as long as usual always does."""
        return self.takes <= max(timeout, USUALLY_TAKES)

    def about_to_be_sent(self, order: Order) -> None:
        """Remember it for the judge: whether it is justified is judged by what was known then."""
        self.sent.append(Sent(order, self._true_now()))

    def correct_order(self, corrected: Order) -> None:
        """Staff change an order in the CRM itself: the one of that number."""
        self._book = [
            entry._replace(order=corrected) if entry.order.order_number == corrected.order_number else entry
            for entry in self._book
        ]

    @contextmanager
    def waiting_for_an_order(self) -> Iterator[None]:
        """Within, somebody waits for the reply to an order."""
        self._waiting += 1
        self.most_waiting = max(self.most_waiting, self._waiting)
        try:
            yield
        finally:
            self._waiting -= 1

    @contextmanager
    def hiding_new(self, lag: float) -> Iterator[None]:
        """Within, nothing shows that came less than `lag` seconds ago."""
        since = self._true_now() - lag * ALMOST
        book, customers = self._book, self._customers
        self._book = [entry for entry in book if self.came_at[entry.order_id] <= since]
        self._customers = {id_: c for id_, c in customers.items() if self.came_at.get(id_, 0.0) <= since}
        try:
            yield
        finally:
            self._book, self._customers = book, customers

    def put_customer(self, customer: Customer) -> None:
        super().put_customer(customer)
        self.came_at.setdefault(customer.customer_id, self._true_now())

    def put_order(self, order: Order, order_id: str | None = None) -> str:
        id_ = super().put_order(order, order_id)
        self.came_at[id_] = self._true_now()
        self.came.append(Came(order, self._true_now()))
        return id_

    def _keep_customer(self, data: CustomerData) -> WriteResult:
        result = super()._keep_customer(data)
        if result.id:
            self.came_at.setdefault(result.id, self._true_now())
        return result
