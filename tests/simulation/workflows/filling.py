"""A winery that has its customers' empty fields filled: whoever is linked is read, and written, again."""

from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow

PHONE = "+1 707 555 0101"
SHOWN = 200.0
"""Seconds after which the CRM shows whom it has created."""


def one_guest_booked(scene: Scene) -> None:
    """The guest was created long ago, without a phone number."""
    take_on(scene.world, TENANT, existing_customer="fill_empty_fields")
    scene.engine.put(TENANT, "r-101", snapshot(101, guest="ada"))


def winery(scene: Scene) -> None:
    """Nothing is booked yet."""
    take_on(scene.world, TENANT, existing_customer="fill_empty_fields")


def book_with_phone(scene: Scene, number: int) -> None:
    """The same guest, who now says how to be called."""
    body = snapshot(number, guest="ada")
    scene.engine.put(TENANT, f"r-{number}", body | {"guest": body["guest"] | {"phone": PHONE}})


def book_again(scene: Scene) -> None:
    """A second visit."""
    book_with_phone(scene, 102)


def book_thrice(scene: Scene) -> None:
    """A new guest books, again at once, and again when the CRM shows them."""
    scene.engine.put(TENANT, "r-101", snapshot(101, guest="ada"))
    scene.after(2, lambda: book_with_phone(scene, 102))
    scene.after(SHOWN, lambda: book_with_phone(scene, 103))


def is_filled(scene: Scene) -> list[str]:
    """The phone number is in the CRM."""
    phones = [customer.phone for customer in scene.world.crms[TENANT].customers]
    return [] if phones == [PHONE] else [f"the CRM has the phone numbers {phones}"]


FILL = Workflow("fill", book_again, one_guest_booked, judge=is_filled)
FILL_WHOM_WE_CREATED = Workflow("fill_whom_we_created", book_thrice, winery, judge=is_filled)
