"""The CRM is away for a while: the breaker is open, work is parked, somebody tries, all is drained."""

from datetime import timedelta

from cellarhand.domain.reliability.circuit_breaker import FAILURES_TO_OPEN, OPEN, BreakerRecord
from tests.fakes.crm import Step
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.changes import one_booked
from tests.simulation.workflows.orders import RUNNER

BACK_AFTER = OPEN.total_seconds() + 30.0
"""Seconds: the first who tries is still turned away."""


def order_in_an_outage(scene: Scene) -> None:
    """A run is started just after the breaker has opened."""
    now, book = scene.world.clock.now(), scene.world.crms[TENANT]
    opened = BreakerRecord(
        tenant_id=TENANT,
        failures=FAILURES_TO_OPEN,
        window_began=now - timedelta(seconds=10),
        open_until=now + OPEN,
    )
    scene.world.ledger.save(opened)
    book.always("*", Step.UNAVAILABLE)
    scene.after(BACK_AFTER, lambda: book.always("*", Step.NORMAL))
    scene.staff.sync(TENANT)


OUTAGE = Workflow("outage", order_in_an_outage, one_booked, watched=RUNNER, rounds_in_vain=3)
