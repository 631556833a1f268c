"""A CRM that shows no orders: what got no answer is a person's case, or sent again if it refuses repeats.

People look into the CRM's screens themselves, which show everything.
"""

from cellarhand.ports.crm import Capabilities
from tests.fakes.crm import ALL_CAPABILITIES, Step
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.orders import RUNNER, book

UNREADABLE = ALL_CAPABILITIES._replace(finds_orders=False)
LOOKS = 5
BETWEEN_LOOKS = 1200.0
"""Seconds: longer than a send takes to settle."""


def sync_and_look(scene: Scene) -> None:
    """Staff have everything synced, and now and then settle what waits for them."""
    scene.staff.sync(TENANT)
    for number in range(1, LOOKS + 1):
        scene.after(number * BETWEEN_LOOKS, lambda: _look(scene))


def _look(scene: Scene) -> None:
    able = scene.world.crms[TENANT].capabilities()
    _can(scene, ALL_CAPABILITIES)
    scene.staff.settle_reviews(TENANT)
    _can(scene, able)


def _can(scene: Scene, able: Capabilities) -> None:
    scene.world.crms[TENANT]._capabilities = able


def _workflow(name: str, answer: Step, *, refuses_repeats: bool = False) -> Workflow:
    """One order to be sent, whose first send is answered like that."""

    def prepare(scene: Scene) -> None:
        book(scene, 101)
        _can(scene, UNREADABLE._replace(refuses_repeated_order_numbers=refuses_repeats))
        scene.world.crms[TENANT].script("create_order", answer)

    return Workflow(name, sync_and_look, prepare, watched=RUNNER)


UNREAD = _workflow("unread", Step.UNKNOWN_EXECUTED)
REPEATED = _workflow("repeated", Step.UNKNOWN_NOT_EXECUTED, refuses_repeats=True)
REPEAT_REFUSED = _workflow("repeat_refused", Step.UNKNOWN_EXECUTED, refuses_repeats=True)
