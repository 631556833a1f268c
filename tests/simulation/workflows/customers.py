"""Guests on their way into the CRM."""

from tests.simulation.kernel.wineries import snapshot, take_on
from tests.simulation.kernel.workflow import TENANT, Scene, Workflow


def winery(scene: Scene) -> None:
    """Nothing is booked yet."""
    take_on(scene.world, TENANT)


def book(scene: Scene) -> None:
    """A first booking of a guest whom the CRM does not know."""
    scene.engine.put(TENANT, "r-101", snapshot(101))


def book_twice(scene: Scene) -> None:
    """Two bookings of one new guest, at the same moment."""
    for number in (101, 102):
        scene.engine.put(TENANT, f"r-{number}", snapshot(number, guest="ada"))


ACCEPT = Workflow("accept", book, winery)
ONE_GUEST_TWICE = Workflow("one_guest_twice", book_twice, winery)
