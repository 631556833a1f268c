"""Guests on their way into the CRM."""

from tests.fakes.crm import Step
from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow


def winery(scene: Scene) -> None:
    """Nothing is booked yet."""
    take_on(scene.world, TENANT)


def booked_during_an_outage(scene: Scene) -> None:
    """The CRM was away when the guest booked."""
    take_on(scene.world, TENANT)
    scene.world.crms[TENANT].always("*", Step.UNAVAILABLE)
    book(scene)


def created_unanswered(scene: Scene) -> None:
    """The CRM has created the guest, and not said so."""
    take_on(scene.world, TENANT)
    scene.world.crms[TENANT].script("upsert_customer", Step.UNKNOWN_EXECUTED)
    book(scene)


def book(scene: Scene) -> None:
    """A first booking of a guest whom the CRM does not know."""
    scene.engine.put(TENANT, "r-101", snapshot(101))


def book_twice(scene: Scene) -> None:
    """Two bookings of one new guest, at the same moment."""
    for number in (101, 102):
        scene.engine.put(TENANT, f"r-{number}", snapshot(number, guest="ada"))


def outage_ends(scene: Scene) -> None:
    """The CRM is back."""
    scene.world.crms[TENANT].always("*", Step.NORMAL)


ACCEPT = Workflow("accept", book, winery)
ONE_GUEST_TWICE = Workflow("one_guest_twice", book_twice, winery)
CUSTOMER_RETRY = Workflow("customer_retry", outage_ends, booked_during_an_outage, prepared_for=8)
CUSTOMER_READ_BACK = Workflow("customer_read_back", lambda _: None, created_unanswered, prepared_for=90)
