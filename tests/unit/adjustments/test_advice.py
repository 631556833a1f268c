"""A CRM voids an order on the day on which it was entered: that day, and no other, is told to staff."""

from datetime import datetime

from tests.unit.adjustments.office import CANCELLED, DEARER, Office


def to_do(office: Office) -> str:
    told: str = office.the_only_one()["what_to_do"]
    return told


def test_what_was_found_the_day_after_it_was_sent_is_refunded():
    office = Office()
    office.clock.advance(
        seconds=(datetime.fromisoformat("2026-06-11T06:59:30Z") - office.clock.now()).total_seconds()
    )
    office.send_without_an_answer()
    office.settle()
    office.put("r-9", sequence=2, **CANCELLED, paid=0)
    assert to_do(office) == "refund"


def test_an_order_whose_note_was_corrected_was_not_entered_again():
    office = Office()
    office.clock.advance(seconds=86_400)
    office.put(sequence=2, guest_note="No nuts")
    office.resolve(office.the_only_one()["adjustment_id"])
    office.put(sequence=3, **DEARER, guest_note="No nuts")
    assert to_do(office) == "refund_and_enter_again"


def test_a_cancelled_visit_is_never_entered_again():
    office = Office()
    office.put(sequence=2, **CANCELLED)
    office.resolve(office.the_only_one()["adjustment_id"])
    office.put(sequence=3, **CANCELLED, paid=0)
    office.clock.advance(seconds=86_400)
    assert to_do(office) == "refund"


def test_the_booked_date_is_told_as_the_order_shows_it():
    office = Office()
    office.decide(order_date="booked_date")
    office.put(sequence=2, booked_at="2026-05-04T03:00:00Z")
    [change] = office.the_only_one()["changes"]
    assert (change["part"], change["after"]) == ("booked_date", "2026-05-03")
