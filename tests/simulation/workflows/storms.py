"""An afternoon at three wineries, all of it drawn from the seed: bookings, changes, runs, outages."""

from collections.abc import Callable
from functools import partial
from random import Random

from tests.fakes.crm import Step
from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import Scene, Workflow

WINERIES = ("valley", "ridge", "harbor")
BOOKINGS = 4
"""At each winery; the second is of the same guest as the first. All have the same numbers and guests."""
FIRST_NUMBER = 1000
AFTERNOON = 2400.0
OUTAGE = 120.0
EVENING = 3 * 3600.0
"""Seconds after the beginning of the afternoon: by then what was begun has come to its end."""


def wineries(scene: Scene) -> None:
    """Each with orders synced by the clock."""
    for tenant_id in WINERIES:
        take_on(scene.world, tenant_id)
        scene.world.schedule_items.items[tenant_id] = {"enabled": True, "daily_at": "05:00"}


def afternoon(scene: Scene) -> None:
    """Things happen when they happen; in the evening staff see to what is left."""
    draw = scene.world.chance
    for tenant_id in WINERIES:
        for booking in range(BOOKINGS):
            _booking(scene, draw, tenant_id, FIRST_NUMBER + booking)
        for _ in range(2):
            scene.after(draw.uniform(0, AFTERNOON), partial(scene.staff.sync, tenant_id))
        _something_else(scene, draw, tenant_id)
        for at in (EVENING, 1.5 * EVENING):
            scene.after(at, partial(_tidy_up, scene, tenant_id))


def _booking(scene: Scene, draw: Random, tenant_id: str, number: int) -> None:
    guest = f"guest{max(number, FIRST_NUMBER + 1)}"
    booked_at = draw.uniform(0, AFTERNOON / 2)

    def put(sequence: int, party: int, state: str) -> Callable[[], None]:
        body = snapshot(number, guest=guest, sequence=sequence, party=party, state=state)
        return lambda: scene.engine.put(tenant_id, f"r-{number}", body)

    scene.after(booked_at, put(1, 2, "completed"))
    if draw.random() < 0.5:
        later = booked_at + draw.expovariate(1 / 600)
        scene.after(later, put(2, 3, draw.choice(["completed", "cancelled"])))


def _something_else(scene: Scene, draw: Random, tenant_id: str) -> None:
    book, at = scene.world.crms[tenant_id], draw.uniform(0, AFTERNOON)
    match draw.randrange(4):
        case 0:
            scene.after(at, lambda: book.always("*", Step.UNAVAILABLE))
            scene.after(at + OUTAGE, lambda: book.always("*", Step.NORMAL))
        case 1:
            scene.after(at, lambda: setattr(book, "takes", draw.uniform(5, 20)))
        case 2:
            scene.after(at, lambda: scene.clockwork.strike(tenant_id))
            scene.after(at, lambda: scene.clockwork.strike(tenant_id))
        case _:
            login = {"username": "user", "password": "second"}
            scene.after(at, lambda: setattr(book, "password", "second"))
            scene.after(
                at + draw.uniform(1, 60),
                lambda: scene.staff.send("settings", "PUT /v1/settings/credentials", tenant_id, body=login),
            )


def _tidy_up(scene: Scene, tenant_id: str) -> None:
    """Whatever waits for a person is looked up in the CRM; then everything is synced."""
    scene.staff.settle_reviews(tenant_id)
    scene.after(60, lambda: scene.staff.sync(tenant_id))


STORM = Workflow(
    "storm",
    afternoon,
    wineries,
    is_drawn=True,
    watched={
        "customer_upsert",
        "customer_upsert_retry",
        "order_sync",
        "order_sync_runner",
        "settings",
        "sweeper",
    },
)
