"""Faults stop: within bounded time all is done, once."""

from cellarhand.domain.reconciliation.difference import ACTIONABLE_KINDS, DifferenceKind
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerState
from tests.simulation.stateful.crm import Mood
from tests.simulation.stateful.laws import Laws
from tests.simulation.stateful.winery import StaffRules
from tests.simulation.stateful.world import TENANTS

STEP_SECONDS = 600
MAX_STEPS = 60
"""Ten hours, twice: what was refused for long is tried again once an hour."""
JUNE = {"from": "2026-06-01", "to": "2026-06-30"}
FINAL = frozenset({OrderState.SYNCED, OrderState.NOT_ELIGIBLE, OrderState.REJECTED})


class Ending(StaffRules, Laws):
    """What the end of every story must be."""

    def all_is_well_again(self) -> None:
        """CRMs, passwords and processes; staff settle what waits for them."""
        for tenant, crm in self.world.crms.items():
            crm.meanwhile.clear()
            crm.feel(Mood.WELL)
            assert self.world.store_login(tenant)

    def come_to_an_end(self) -> None:
        """A run of everything, what staff must settle, and another run."""
        for _ in range(2):
            for tenant in TENANTS:
                self.start_run(tenant, None)
            self._work_until_nothing_is_due()
            self._settle_reviews()
        for tenant in TENANTS:
            self.start_run(tenant, None)
        self._work_until_nothing_is_due()

    def check_the_end(self) -> None:
        """By the CRM's book."""
        for record in self.world.reservations():
            assert record.order.state in FINAL, record.order
            assert record.customer.state is not CustomerState.PENDING, record.customer
            synced = record.order.state is OrderState.SYNCED
            assert len(self.world.orders_of(record)) == int(synced)

    def check_the_books(self) -> None:
        """To the cent; the CRM differs only where its own users have edited an order."""
        for tenant in TENANTS:
            booked = [record for record in self.world.reservations() if record.tenant_id == tenant]
            books = self.ask(tenant, "GET /v1/reconciliation", query=JUNE).body
            assert books["adds_up"]
            assert books["records"]["booked"] == len(booked)
            assert books["money"]["booked"] == sum(record.snapshot.total for record in booked)
            assert books["crm"]["state"] == "compared"
            assert books["kinds"].keys() & ACTIONABLE_KINDS <= {DifferenceKind.OTHER_MONEY}, books

    def _work_until_nothing_is_due(self) -> None:
        for _ in range(MAX_STEPS):
            self.world.sweep()
            while visible := self.world.hints.visible():
                self.world.hints.take(visible[0])
                self.world.receive(visible[0])
            if self._is_quiet():
                return
            self.world.pass_time(STEP_SECONDS)
        raise AssertionError("work never ends")

    def _is_quiet(self) -> bool:
        pending = any(record.due_at for record in self.world.reservations())
        return not pending and all(run.is_over for run in self.world.runs())

    def _settle_reviews(self) -> None:
        for record in self.world.reservations():
            if record.order.state is OrderState.REVIEW:
                self.settle(record)
