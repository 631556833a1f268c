"""Staff's word that an adjustment is carried over: once, by the right tenant, about what they were shown."""

from typing import Any

import pytest

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.audit_entry import AuditEntry
from tests.fakes.crm import Step
from tests.fakes.http import TENANT
from tests.unit.adjustments.office import CANCELLED, DEARER, Office, parts_of
from tests.unit.guest_upsert.winery import GUEST


def with_add_on(sku: str) -> dict[str, Any]:
    """One thing more, at a price that leaves all sums the same whichever it is."""
    add_on = {"sku": sku, "name": sku.title(), "quantity": 1, "unit_price": 500}
    return {"add_ons": [add_on], "total": 8500, "paid": 8500}


def resolved_office(**changes: object) -> Office:
    """One adjustment was opened, and resolved."""
    office = Office()
    office.put(sequence=2, **(changes or DEARER))
    assert office.resolve(office.the_only_one()["adjustment_id"]).status == 200
    return office


def test_a_resolved_adjustment_stays_as_history_and_unlocks():
    office = resolved_office()
    assert office.listed() == []
    kept = office.the_only_one("resolved")
    assert kept["resolution"]["note"] == "Voided and entered again."
    assert kept["resolution"]["by"] == "staffkey"
    assert (kept["what_to_do"], office.record().locked_after_sync) == (None, False)
    assert office.put(sequence=2, **DEARER).body["locked_after_sync"] is False


def test_the_audit_says_who():
    office = resolved_office()
    entries = office.world.audit.list_records(AuditEntry, tenant_partition(TENANT), "AUD#").items
    (entry,) = [entry for entry in entries if entry.what == "adjustment_resolved"]
    assert (entry.key_id, set(entry.ids)) == ("staffkey", {"adjustment_id"})


def test_said_again_the_first_word_stands():
    office = resolved_office()
    before = office.the_only_one("resolved")
    again = office.resolve(before["adjustment_id"], note="Something else.")
    assert (again.status, again.body) == (200, before)


def test_a_later_change_is_weighed_against_what_was_carried_over():
    office = resolved_office()
    assert office.put(sequence=3, **DEARER, state="completed").body["locked_after_sync"] is False
    office.put(sequence=4)
    new = office.the_only_one()
    assert parts_of(new)["price"] == (10_000, 8000)
    assert (new["in_crm"]["total"], new["wanted"]["total"], new["to_pay_back"]) == (10_000, 8000, 2000)
    assert [a["state"] for a in office.listed("all")] == ["resolved", "open"]


def test_what_was_carried_over_yesterday_is_refunded_and_not_voided():
    office = resolved_office()
    office.clock.advance(seconds=86_400)
    office.put(sequence=3)
    assert office.the_only_one()["what_to_do"] == "refund_and_enter_again"
    office.resolve(office.the_only_one()["adjustment_id"])
    office.put(sequence=4, **DEARER)
    assert office.the_only_one()["what_to_do"] == "void_and_enter_again"


def test_a_refund_after_a_cancellation_that_was_carried_over_opens_another():
    office = resolved_office(**CANCELLED)
    office.put(sequence=3, **CANCELLED, party_size=1, total=4000)
    assert office.listed() == []
    office.put(sequence=4, **CANCELLED, paid=0)
    assert parts_of(office.the_only_one()) == {"payment": (8000, 0)}


def test_a_visit_that_is_on_again_is_entered_again():
    office = resolved_office(**CANCELLED)
    office.put(sequence=3)
    assert office.the_only_one()["what_to_do"] == "enter_again"


def test_what_changed_again_meanwhile_is_not_closed_unseen():
    office = Office()
    office.put(sequence=2, **DEARER)
    seen = office.the_only_one()
    office.put(sequence=3, **CANCELLED)
    refused = office.resolve(seen["adjustment_id"], revision=seen["revision"])
    assert (refused.status, refused.body["code"]) == (409, "adjustment_changed")
    assert office.resolve(seen["adjustment_id"]).status == 200


def test_a_guest_whom_staff_correct_meanwhile_is_not_closed_unseen():
    office = Office()
    office.put(sequence=2, **DEARER)
    seen = office.the_only_one()
    office.retry(guest={"email": "other@example.com", "last_name": "Byron"})
    refused = office.resolve(seen["adjustment_id"], revision=seen["revision"])
    assert (refused.status, refused.body["code"]) == (409, "adjustment_changed")
    assert set(parts_of(office.the_only_one())) == {"price", "payment", "guest", "customer"}
    assert (office.the_only_one()["sequence"], office.record().locked_after_sync) == (2, True)
    assert office.resolve(seen["adjustment_id"]).status == 200


def test_a_guest_who_reaches_the_crm_meanwhile_is_not_closed_unseen():
    office = Office()
    office.crm.script("find_customers", Step.UNAVAILABLE)
    office.put(sequence=2, guest={**GUEST, "email": "augusta@example.com"})
    seen = office.the_only_one()
    assert set(parts_of(seen)) == {"guest"}
    office.retry()
    refused = office.resolve(seen["adjustment_id"], revision=seen["revision"])
    assert (refused.status, refused.body["code"]) == (409, "adjustment_changed")
    assert set(parts_of(office.the_only_one())) == {"guest", "customer"}


def test_a_check_in_that_makes_changed_settings_count_is_not_closed_unseen():
    office = Office()
    office.decide(order_date="event_date", pickup_date="event_date")
    office.put(sequence=2, **DEARER, booked_at="2026-05-04T03:00:00Z")
    seen = office.the_only_one()
    office.decide(order_date="booked_date")
    office.put(sequence=3, **DEARER, booked_at="2026-05-04T03:00:00Z", state="completed")
    refused = office.resolve(seen["adjustment_id"], revision=seen["revision"])
    assert (refused.status, refused.body["code"]) == (409, "adjustment_changed")
    assert set(parts_of(office.the_only_one())) == {"price", "payment", "booked_date"}


def test_a_check_in_asks_for_no_second_look():
    office = Office()
    office.put(sequence=2, **DEARER)
    seen = office.the_only_one()
    office.put(sequence=3, **DEARER, state="completed")
    assert office.resolve(seen["adjustment_id"], revision=seen["revision"]).status == 200


@pytest.mark.parametrize("revision", [0, 2])
def test_a_revision_that_was_never_shown_was_carried_over_by_nobody(revision: int):
    office = Office()
    office.put(sequence=2, **DEARER)
    refused = office.resolve(office.the_only_one()["adjustment_id"], revision=revision)
    assert (refused.status, refused.body["code"]) == (409, "adjustment_changed")


def test_a_word_that_was_answered_too_late_may_be_said_again():
    office = Office()
    office.put(sequence=2, **DEARER)
    seen = office.the_only_one()
    said, again = (
        office.resolve(seen["adjustment_id"], note=note, revision=seen["revision"]) for note in ("A", "B")
    )
    assert (again.status, again.body) == (200, said.body)
    assert said.body == office.the_only_one("resolved")


def test_a_change_between_reading_and_saving_is_read_again(monkeypatch: pytest.MonkeyPatch):
    office = Office()
    office.put(sequence=2, **DEARER)
    seen, save_all = office.the_only_one(), office.world.ledger.save_all
    overtaken: list[str] = []

    def overtaking(*arguments: object) -> None:
        if not overtaken:
            overtaken.append("once")
            raise StaleRecordError("Somebody was first.")
        save_all(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(office.world.ledger, "save_all", overtaking)
    assert office.resolve(seen["adjustment_id"]).body["state"] == "resolved"
    assert overtaken == ["once"]


def test_a_withdrawn_one_can_not_be_resolved():
    office = Office()
    office.put(sequence=2, **DEARER)
    office.put(sequence=3)
    refused = office.resolve(office.the_only_one("withdrawn")["adjustment_id"])
    assert (refused.status, refused.body["code"]) == (409, "adjustment_withdrawn")


def test_another_winery_s_is_not_there():
    office = Office()
    office.put(sequence=2, **DEARER)
    adjustment_id = office.the_only_one()["adjustment_id"]
    assert office.resolve(adjustment_id, tenant="birch-hill").status == 404
    assert office.resolve("20260101T000000000000Z-000000000000").status == 404
    assert office.the_only_one()["state"] == "open"


@pytest.mark.parametrize(
    "body",
    [
        {"note": ""},
        {"note": " "},
        {"note": None},
        {"more": 1},
        {"revision": "1"},
        {"revision": None},
        {"sequence": 2},
    ],
)
def test_a_word_that_says_nothing_is_refused(body: dict[str, object]):
    office = Office()
    office.put(sequence=2, **DEARER)
    assert office.resolve(office.the_only_one()["adjustment_id"], **body).status == 422


def test_the_booking_engine_may_neither_read_nor_resolve():
    office = Office(orders=0)
    assert office.staff("GET /v1/adjustments", role=Role.ENGINE).status == 403
    route, path = "POST /v1/adjustments/{adjustment_id}/resolve", {"adjustment_id": "a"}
    assert office.staff(route, role=Role.ENGINE, path=path, body={"note": "x", "revision": 1}).status == 403


SHOWN_ALIKE = {
    "guest": [{"guest": {**GUEST, "phone": "555-0101"}}, {"guest": {**GUEST, "phone": "555-0102"}}],
    "note": [{"guest_note": "No nuts"}, {"guest_note": "No fish"}],
    "add_ons": [with_add_on("CHEESE"), with_add_on("OLIVES")],
}


@pytest.mark.parametrize(("first", "then"), SHOWN_ALIKE.values(), ids=SHOWN_ALIKE)
def test_a_part_that_changed_again_unshown_is_not_closed_unseen(first: dict[str, Any], then: dict[str, Any]):
    office = Office()
    office.put(sequence=2, **first)
    seen = office.the_only_one()
    office.put(sequence=3, **then)
    refused = office.resolve(seen["adjustment_id"], revision=seen["revision"])
    assert (refused.status, refused.body["code"]) == (409, "adjustment_changed")
    assert office.resolve(seen["adjustment_id"]).status == 200
