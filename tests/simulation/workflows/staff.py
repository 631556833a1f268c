"""What staff do while orders are on their way: keep one out, let it in again."""

from collections.abc import Callable
from typing import Any

from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.kernel.platform.stores import INDEX_LAG
from tests.simulation.workflows.changes import WHILE_SENDING, one_booked
from tests.simulation.workflows.orders import RUNNER


def decide(scene: Scene, what: str, then: Callable[[Any], object] = lambda _: None) -> None:
    """By the button of one reservation."""
    route = f"POST /v1/reservations/{{reservation_id}}/{what}"
    scene.staff.send("order_sync", route, TENANT, then, path={"reservation_id": "r-101"})


def exclude_while_sending(scene: Scene) -> None:
    """Too late, if nothing goes wrong: then staff are told so."""
    scene.staff.sync(TENANT)
    scene.after(WHILE_SENDING - 0.1, lambda: decide(scene, "exclude"))


def exclude_and_include(scene: Scene) -> None:
    """Second thoughts, while a run is under way; the next run takes it, once the index can tell it."""

    def sync_later(_: object) -> None:
        scene.after(INDEX_LAG + 1, lambda: scene.staff.sync(TENANT))

    def include_then_sync(_: object) -> None:
        decide(scene, "include", sync_later)

    decide(scene, "exclude", include_then_sync)
    scene.staff.sync(TENANT)


EXCLUDE = Workflow(
    "exclude_while_sending",
    exclude_while_sending,
    one_booked,
    orders={101: {0, 1}},
    watched=RUNNER | {"order_sync"},
)
SECOND_THOUGHTS = Workflow(
    "exclude_and_include", exclude_and_include, one_booked, watched=RUNNER | {"order_sync"}
)
