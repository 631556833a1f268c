"""Orders on their way into the CRM."""

from tests.simulation.kernel.wineries import snapshot, take_on
from tests.simulation.kernel.workflow import TENANT, Scene, Workflow


def booked(scene: Scene) -> None:
    """Two paid visits, their guests in the CRM."""
    take_on(scene.world, TENANT)
    for number in (101, 102):
        scene.engine.put(TENANT, f"r-{number}", snapshot(number))


def sync(scene: Scene) -> None:
    """Staff have them synced."""
    scene.staff.sync(TENANT)


ORDER = Workflow("order", sync, booked, watched={"order_sync_runner"})
