"""Looks into the CRM's books: the night's comparison, and the second look at what was sent a day ago."""

from datetime import datetime, timedelta

from cellarhand.domain.reconciliation.checks import PREFIX, EndedCheck
from cellarhand.domain.records import tenant_partition
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.kernel.platform.environment import BEGINNING
from tests.simulation.workflows.orders import RUNNER, two_booked

HOUR = 3600.0
BEFORE_NIGHT = 22 * HOUR
LOOKED = frozenset({"clean", "found"})


def synced_a_day_ago(scene: Scene) -> None:
    """Both looks are still to come."""
    two_booked(scene)
    scene.after(100, lambda: scene.staff.sync(TENANT))


def a_night(scene: Scene) -> None:
    """Only time passes."""
    scene.after(3 * HOUR, lambda: None)


def all_looked_at(scene: Scene) -> list[str]:
    """Nothing that the CRM has was left out: each order is within one look that was taken."""
    page = scene.world.ledger.list_records(EndedCheck, tenant_partition(TENANT), f"ENDED_{PREFIX}")
    looks = [(one.sent_from, one.ended_at) for one in page.items if one.outcome in LOOKED]
    return [
        f"the order of {came_at} was never looked at again"
        for came_at in map(_instant, scene.world.crms[TENANT].orders_came_at)
        if not any(begin and begin <= came_at <= end - timedelta(hours=23) for begin, end in looks)
    ]


def _instant(seconds: float) -> datetime:
    return BEGINNING + timedelta(seconds=seconds)


NIGHT = Workflow(
    "night",
    a_night,
    synced_a_day_ago,
    watched=RUNNER,
    prepared_for=BEFORE_NIGHT,
    lasts=6 * HOUR,
    judge=all_looked_at,
)
