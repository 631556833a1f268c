"""Who starts runs: staff, the clock (twice at once), the sweeper, operators."""

from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.orders import sync, two_booked

THE_NEXT_TIME = 4 * 3600.0


def scheduled(scene: Scene) -> None:
    """The winery has its orders synced every night."""
    two_booked(scene)
    scene.world.schedule_items.items[TENANT] = {"enabled": True, "daily_at": "05:00"}


def clock_strikes_twice(scene: Scene) -> None:
    """The scheduler calls twice for the same time, as it may; then two times more, one for each fault.

    A login that is refused ends the run of its night: the next one takes up what it left.
    """
    scene.clockwork.strike(TENANT)
    for night in range(3):
        scene.after(night * THE_NEXT_TIME, lambda: scene.clockwork.strike(TENANT))


def everything_lost(scene: Scene) -> None:
    """A guest and a run wait, and both messages about them are lost."""
    two_booked(scene)
    scene.world.lose_messages = True
    scene.staff.sync(TENANT)


def dead_letter(scene: Scene) -> None:
    """A message ended as a dead letter, and its run waits."""
    everything_lost(scene)
    scene.world.queues["order_sync_runner"].dead_letters.append(f'{{"tenant_id": "{TENANT}"}}')


def redrive(scene: Scene) -> None:
    """Operators send dead letters back."""
    scene.world.lose_messages = False
    scene.world.queues["order_sync_runner"].redrive()


def messages_arrive_again(scene: Scene) -> None:
    """From now on only the sweeper helps."""
    scene.world.lose_messages = False


MANUAL_RUN = Workflow("manual_run", sync, two_booked, watched={"order_sync"})
SCHEDULED_RUN = Workflow(
    "scheduled_run", clock_strikes_twice, scheduled, watched={"order_sync", "order_sync_runner"}
)
SWEEP = Workflow("sweep", messages_arrive_again, everything_lost, watched={"sweeper"}, prepared_for=59)
REDRIVE = Workflow("redrive", redrive, dead_letter, watched={"order_sync_runner"}, prepared_for=59)
