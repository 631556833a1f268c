"""Adjustments in the reconciliation: what the CRM shows, and what it should, to the cent."""

from typing import Any

from tests.unit.adjustments.office import CANCELLED, DEARER, Office

ROUTE = "GET /v1/reconciliation"


def differences(office: Office) -> list[tuple[str, Any, Any]]:
    """Kind, ours, theirs; once the CRM must show what was sent."""
    office.clock.advance(seconds=600)
    period = {"from": "2026-06-01", "to": "2026-08-31"}
    found = office.staff(ROUTE, query=period).body["differences"]
    return [(each["kind"], each["ours"], each["theirs"]) for each in found]


def test_of_a_visit_that_was_cancelled_and_paid_back_nothing_is_wanted():
    office = Office()
    office.put(sequence=2, **CANCELLED, paid=0)
    assert differences(office) == [("open_adjustment", 0, 8000)]


def test_a_second_change_is_told_from_what_staff_made_of_the_first():
    office = Office()
    office.put(sequence=2, **DEARER)
    office.resolve(office.the_only_one()["adjustment_id"])
    office.put(sequence=3, fee_per_guest=6000, total=12_000, paid=12_000)
    adjustment = office.the_only_one()
    assert (adjustment["in_crm"]["total"], adjustment["wanted"]["total"]) == (10_000, 12_000)
    assert ("open_adjustment", 12_000, 10_000) in differences(office)


def test_an_order_that_was_only_to_be_corrected_must_still_be_there():
    office = Office()
    office.put(sequence=2, guest_note="No nuts")
    office.resolve(office.the_only_one()["adjustment_id"])
    office.crm.remove_order(office.crm.orders[0].order_number.number)
    assert ("missing_in_crm", 8000, None) in differences(office)


def test_an_order_that_was_voided_and_entered_again_may_be_gone():
    office = Office()
    office.put(sequence=2, **DEARER)
    office.resolve(office.the_only_one()["adjustment_id"])
    office.crm.remove_order(office.crm.orders[0].order_number.number)
    assert differences(office) == [("late_change", 10_000, 8000)]
