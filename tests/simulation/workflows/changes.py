"""Bookings that change or are cancelled before, while and after their order is sent."""

from collections.abc import Callable

from tests.simulation.kernel.people.wineries import snapshot
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.orders import RUNNER_AND_ENGINE, book, two_unanswered

type Act = Callable[[Scene], object]

WHILE_SENDING = 1.3
"""Seconds after a run is started at which its order is at the CRM, in a run without faults."""


def one_booked(scene: Scene) -> None:
    """A guest in the CRM, an order to be sent."""
    book(scene, 101)


def one_synced(scene: Scene) -> None:
    """An order that is in the CRM."""
    book(scene, 101)
    scene.after(100, lambda: scene.staff.sync(TENANT))


def cancel(scene: Scene, number: int = 101) -> None:
    """The guest does not come."""
    scene.engine.put(TENANT, f"r-{number}", snapshot(number, sequence=2, state="cancelled"))


def bring_a_third(scene: Scene) -> None:
    """The party grows."""
    scene.engine.put(TENANT, "r-101", snapshot(101, sequence=2, party=3))


def with_a_run(change: Act) -> Act:
    """Both at once."""

    def act(scene: Scene) -> None:
        scene.staff.sync(TENANT)
        change(scene)

    return act


def while_sending(change: Act) -> Act:
    """The change comes while the order is at the CRM."""

    def act(scene: Scene) -> None:
        scene.staff.sync(TENANT)
        scene.after(WHILE_SENDING, lambda: change(scene))

    return act


def cancel_both(scene: Scene) -> None:
    """One of them is in the CRM, which nobody knows yet."""
    cancel(scene, 101)
    cancel(scene, 102)


UPDATE = Workflow("update_and_sync", with_a_run(bring_a_third), one_booked, watched=RUNNER_AND_ENGINE)
UPDATE_MEANWHILE = Workflow(
    "update_while_sending", while_sending(bring_a_third), one_booked, watched=RUNNER_AND_ENGINE
)
CANCEL = Workflow("cancel_and_sync", with_a_run(cancel), one_booked, watched=RUNNER_AND_ENGINE)
CANCEL_MEANWHILE = Workflow(
    "cancel_while_sending", while_sending(cancel), one_booked, watched=RUNNER_AND_ENGINE
)
CANCEL_UNKNOWN = Workflow(
    "cancel_while_unknown",
    cancel_both,
    two_unanswered,
    orders={101: {1}, 102: {0}},
    watched=RUNNER_AND_ENGINE,
    prepared_for=200,
    sent_in_vain=1,
)
CANCEL_SYNCED = Workflow(
    "cancel_after_send", cancel, one_synced, orders={101: {1}}, watched=RUNNER_AND_ENGINE
)
