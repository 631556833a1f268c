"""Adjustments in the reconciliation: what the CRM shows, and what it should, to the cent."""

from typing import Any

from cellarhand.domain.adjustments.adjustment import Resolution
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


def resolved_and_nothing_done(office: Office, **changes: Any) -> str:
    """Staff press the button, and leave the CRM as it is; what they were advised to do."""
    office.put(sequence=2, **changes)
    office.resolve(office.the_only_one()["adjustment_id"])
    advised: str = office.the_only_one("resolved")["resolution"]["remedy"]
    return advised


def to_look_into(office: Office) -> dict[str, int]:
    period = {"from": "2026-06-01", "to": "2026-08-31"}
    found: dict[str, int] = office.staff(ROUTE, query=period).body["to_look_into"]
    return found


def test_a_cancelled_order_that_nobody_voided_is_told():
    office = Office()
    assert resolved_and_nothing_done(office, **CANCELLED, paid=0) == "void"
    assert ("other_money", 0, 8000) in differences(office)
    assert to_look_into(office) == {"records": 1, "money": 8000}


def test_an_order_that_nobody_entered_again_is_told():
    office = Office()
    assert resolved_and_nothing_done(office, **DEARER) == "void_and_enter_again"
    assert ("other_money", 10_000, 8000) in differences(office)
    assert to_look_into(office) == {"records": 1, "money": 2000}


def test_a_refund_of_which_the_crm_shows_nothing_is_told_and_alarms_nobody():
    office = Office()
    office.clock.advance(seconds=86_400)
    assert resolved_and_nothing_done(office, **CANCELLED, paid=0) == "refund"
    assert ("refund_not_seen", 0, 8000) in differences(office)
    assert to_look_into(office) == {"records": 0, "money": 0}


def test_a_resolution_of_before_the_remedy_was_kept_is_readable():
    office = Office()
    resolved_and_nothing_done(office, **DEARER)
    found = office.the_only_one("resolved")["resolution"]
    before = {name: value for name, value in found.items() if name != "remedy"}
    assert Resolution.model_validate(before).remedy is None
