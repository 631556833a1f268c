"""A booking that gets another guest's address before, while and after its order is sent."""

from tests.simulation.kernel.people.wineries import snapshot
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.changes import one_booked, one_synced, while_sending, with_a_run
from tests.simulation.workflows.orders import RUNNER_AND_ENGINE

WHILE_CREATING = 0.7
"""Seconds after another guest is named at which they are being created, in a run without faults."""


def hand_on(scene: Scene) -> None:
    """Somebody whom the CRM does not know comes instead."""
    scene.engine.put(TENANT, "r-101", snapshot(101, guest="bob", sequence=2))


def hand_on_and_back(scene: Scene) -> None:
    """The first guest comes after all; the other is just being created in the CRM."""
    hand_on(scene)
    scene.after(WHILE_CREATING, lambda: scene.engine.put(TENANT, "r-101", snapshot(101, sequence=3)))


GUEST = Workflow("guest_and_sync", with_a_run(hand_on), one_booked, watched=RUNNER_AND_ENGINE)
GUEST_MEANWHILE = Workflow(
    "guest_while_sending", while_sending(hand_on), one_booked, watched=RUNNER_AND_ENGINE
)
GUEST_SYNCED = Workflow("guest_after_send", hand_on, one_synced, orders={101: {1}}, watched=RUNNER_AND_ENGINE)
GUEST_BACK = Workflow(
    "guest_and_back", hand_on_and_back, one_synced, orders={101: {1}}, watched=RUNNER_AND_ENGINE
)
