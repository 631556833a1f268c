"""Reservations arrive; their guests appear in VinSuite, at once or as soon as it is well again."""

from typing import Any

from sandbox.winery import members
from sandbox.winery.demo import Demo


def new_guest(demo: Demo) -> None:
    """A guest VinSuite does not know books through the widget."""
    demo.report.step("Reservation of a new guest", "The guest must be in VinSuite before the call returns.")
    email = demo.visit.email("nora.newcomer")
    guest = {"email": email, "first_name": "Nora", "last_name": "Newcomer", "phone": "555-0191"}
    details = {"guest_note": "Window seat, please", "internal_note": "Asked about the cellar job"}
    kept = _put(demo, 1, demo.visit.snapshot(1, guest, **details))
    demo.report.equal("the customer was created", kept["customer"]["state"], "created")
    demo.report.equal("and is in VinSuite's book once", len(demo.vinsuite.members(email)), 1)
    again = _put(demo, 1, demo.visit.snapshot(1, guest, **details))
    demo.report.equal("the same snapshot again changes nothing", again["customer"], kept["customer"])
    demo.report.equal("still once", len(demo.vinsuite.members(email)), 1)


def known_guest(demo: Demo) -> None:
    """A member books at the member price; a second visit is complimentary, a third not yet paid."""
    demo.report.step(
        "Reservations of known guests", "A member is linked, never changed; money decides about the order."
    )
    before = demo.vinsuite.members(members.FOUNDER)
    discount = {"rule": "founders-half", "guests": 2, "amount": 3500}
    money = {"discounts": [discount], "tax": 289, "total": 3789, "paid": 3789}
    kept = _put(demo, 2, demo.visit.snapshot(2, _founder(), **money))
    demo.report.equal("the founder is linked", kept["customer"]["state"], "linked")
    demo.report.equal("her record is as it was", demo.vinsuite.members(members.FOUNDER), before)
    comp = {"name": "Anniversary", "by": "Quinn at the desk", "rule": None, "amount": 7000}
    free = {"discounts": [comp], "tax": 0, "total": 0, "paid": 0}
    _put(demo, 3, demo.visit.snapshot(3, {"email": members.ESTATE_MEMBER, "last_name": "Abernathy"}, **free))
    owing = _put(demo, 4, demo.visit.snapshot(4, {"email": members.TRADE, "last_name": "Abernathy"}, paid=0))
    demo.report.equal("the unpaid one is not eligible", owing["order"]["state"], "not_eligible")
    demo.report.equal("and says why", owing["order"]["reason"], "balance_due")


def lacking_guest(demo: Demo) -> None:
    """A guest without a last name waits for a person, who corrects it."""
    demo.report.step("A guest without a last name", "Only a person can go on: named at once, not retried.")
    email = demo.visit.email("olive")
    kept = _put(demo, 5, demo.visit.snapshot(5, {"email": email, "first_name": "Olive"}))
    demo.report.equal("it needs attention", kept["customer"]["state"], "needs_attention")
    path = f"/v1/reservations/{demo.visit.reservation_id(5)}/retry"
    fixed = demo.staff.ask("POST", path, {"guest": {"last_name": "Overton"}})
    demo.report.answer("staff add the last name", fixed["customer"])
    demo.report.equal("and the customer is created", fixed["customer"]["state"], "created")


def sick_vinsuite(demo: Demo) -> None:
    """VinSuite fails during a booking; the reservation is kept and the retry heals it."""
    demo.report.step("VinSuite fails", "The booking must go through all the same, and nothing may be lost.")
    email = demo.visit.email("pat.patience")
    demo.vinsuite.fail({"kind": "fault"})
    guest = {"email": email, "first_name": "Pat", "last_name": "Patience"}
    kept = _put(demo, 6, demo.visit.snapshot(6, guest))
    demo.report.equal("the reservation is kept, the customer waits", kept["customer"]["state"], "pending")
    demo.report.equal("VinSuite does not know the guest", demo.vinsuite.members(email), ())
    demo.vinsuite.heal()
    demo.report.wait(
        "VinSuite is well again; the retry finds the guest's turn", lambda: _created(demo, 6), seconds=60
    )
    demo.report.equal("the guest is in VinSuite's book once", len(demo.vinsuite.members(email)), 1)


def _created(demo: Demo, place: int) -> bool:
    path = f"/v1/reservations/{demo.visit.reservation_id(place)}"
    return bool(demo.engine.ask("GET", path)["customer"]["state"] == "created")


def _founder() -> dict[str, Any]:
    return {"email": members.FOUNDER, "first_name": "Ada", "last_name": "Abernathy"}


def _put(demo: Demo, place: int, snapshot: dict[str, Any]) -> dict[str, Any]:
    kept = demo.engine.ask("PUT", f"/v1/reservations/{demo.visit.reservation_id(place)}", snapshot)
    demo.report.answer(f"PUT reservation {place}", {key: kept[key] for key in ("customer", "order")})
    return kept
