"""Scenes in which VinSuite is away, or lets nobody in, while bookings come and runs are started."""

from dataclasses import dataclass

from tests.e2e.one_effect.scene import FINAL, Scene, Told

BOOKINGS = 3
REFUSED_CALLS = BOOKINGS + 1
"""Each guest's, and the run's."""
ROTATED = 8
NEW_PASSWORD = "fault-run-rotated"


@dataclass(frozen=True)
class LockedOut:
    """What came of a wrong password, and of the right one afterwards."""

    runs: list[tuple[str, str | None]]
    calls: int
    healed: Told


def outage(scene: Scene) -> Told:
    """Everything is refused for a while; nobody does anything about it but wait."""
    for place in range(BOOKINGS):
        scene.book(place)
    run_id = scene.start_run()
    scene.until(lambda: scene.simulator.fired().get("artificial_cap", 0) >= REFUSED_CALLS)
    assert scene.run(run_id)["state"] not in FINAL
    assert not scene.orders()
    scene.simulator.lift_faults(scene.name)
    scene.until_over(run_id)
    return scene.told(run_id, places=BOOKINGS)


def rotated_mid_run(scene: Scene) -> Told:
    """The new password is given to Cellarhand and to VinSuite while orders are under way."""
    scene.until_known(*range(ROTATED))
    run_id = scene.start_run()
    scene.until(lambda: len(scene.orders()) > 0, every=0.05)
    _give_login(scene, NEW_PASSWORD)
    scene.simulator.change_password(scene.name, NEW_PASSWORD)
    assert len(scene.orders()) < ROTATED
    scene.until_over(run_id)
    return scene.told(run_id, places=ROTATED)


def wrong_password(scene: Scene) -> LockedOut:
    """VinSuite's password is another one: runs are tried, a guest books, then somebody enters it."""
    scene.until_known(0)
    scene.simulator.change_password(scene.name, NEW_PASSWORD)
    before = sum(scene.told().calls.values())
    tried = [scene.run(scene.run_through()) for _ in range(3)]
    scene.book(1)
    calls = sum(scene.told().calls.values()) - before
    _give_login(scene, NEW_PASSWORD)
    scene.decide(1)
    scene.until_known(1)
    healed = scene.told(scene.run_through(), places=2)
    return LockedOut([(run["state"], run["reason"]) for run in tried], calls, healed)


def _give_login(scene: Scene, password: str) -> None:
    login = {"username": f"{scene.name}-ws", "password": password}
    scene.winery.staff.ask("PUT", "/v1/settings/credentials", login, status=204)
