"""Orders on their way into the CRM."""

from typing import Any

from tests.fakes.crm import Step
from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow

RUNNER = frozenset({"order_sync_runner"})
RUNNER_AND_ENGINE = RUNNER | {"customer_upsert", "customer_upsert_retry"}
SLOWLY = 20.0
"""Seconds of a CRM call that is slow, yet answers in time."""


def book(scene: Scene, *numbers: int, **decided: Any) -> None:
    """Paid visits of yesterday at a winery just taken on."""
    take_on(scene.world, TENANT, **decided)
    for number in numbers:
        scene.engine.put(TENANT, f"r-{number}", snapshot(number))


def two_booked(scene: Scene) -> None:
    """Both guests are in the CRM by the time it begins."""
    book(scene, 101, 102)


def two_booked_without_numbers(scene: Scene) -> None:
    """The engine has no numbers of its own."""
    take_on(scene.world, TENANT)
    for number in (101, 102):
        scene.engine.put(TENANT, f"r-{number}", snapshot(number) | {"number": None})


def two_booked_at_a_slow_crm(scene: Scene) -> None:
    """More than one invocation can send, one by one."""
    book(scene, 101, 102, crm_allowance={"orders": 1})
    scene.after(100, lambda: setattr(scene.world.crms[TENANT], "takes", SLOWLY))


def two_unanswered(scene: Scene) -> None:
    """The CRM has executed the first of two sends, and answered neither."""
    two_booked(scene)
    scene.world.crms[TENANT].script("create_order", Step.UNKNOWN_EXECUTED, Step.UNKNOWN_NOT_EXECUTED)
    scene.after(100, lambda: scene.staff.sync(TENANT))


def sync(scene: Scene) -> None:
    """Staff have everything synced."""
    scene.staff.sync(TENANT)


ORDER = Workflow("order", sync, two_booked, watched=RUNNER)
OWN_NUMBERS = Workflow("order_own_numbers", sync, two_booked_without_numbers, watched=RUNNER)
HAND_OVER = Workflow("hand_over", sync, two_booked_at_a_slow_crm, watched=RUNNER)
READ_BACK = Workflow(
    "read_back", lambda _: None, two_unanswered, watched=RUNNER, prepared_for=200, sent_in_vain=1
)
