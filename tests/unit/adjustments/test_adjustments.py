"""A change after sync opens an adjustment, further ones update it, and a change back withdraws it."""

from typing import Any

import pytest

from cellarhand.bootstrap import reservations, tenants
from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.use_cases.adjustments.manage_adjustments import ADJUSTMENTS_PER_PAGE
from tests.fakes.http import TENANT
from tests.unit.adjustments.office import CANCELLED, DEARER, EVENT, Office, parts_of
from tests.unit.guest_upsert.winery import GUEST

STAFF = Caller(key_id="staffkey", role=Role.STAFF, tenant_id=TENANT)


def test_a_change_after_sync_opens_an_adjustment_that_says_what_to_do():
    office = Office()
    office.put(sequence=2, **DEARER)
    adjustment = office.the_only_one()
    order = office.record().order
    assert order.sent is not None
    assert adjustment.pop("opened_at") == adjustment.pop("changed_at")
    assert adjustment == {
        "adjustment_id": office.record().adjustment_id,
        "state": "open",
        "reservation_id": "r-1",
        "sequence": 2,
        "revision": 1,
        "crm_order_id": order.crm_order_id,
        "order_number": str(order.sent.order_number),
        "changes": [
            {"part": "price", "before": 8000, "after": 10_000},
            {"part": "payment", "before": 8000, "after": 10_000},
        ],
        "in_crm": {"sub_total": 8000, "taxes": 0, "total": 8000},
        "wanted": {"sub_total": 10_000, "taxes": 0, "total": 10_000},
        "to_pay_back": -2000,
        "what_to_do": "void_and_enter_again",
        "advice": f"Void order {order.sent.order_number} in the CRM today (from tomorrow on, refund it). "
        "Then enter the visit in the CRM again as it is now.",
        "resolution": None,
    }


def test_it_is_saved_with_the_snapshot_in_one_write():
    office = Office()
    before = len(office.world.ledger.writes)
    office.put(sequence=2, **DEARER)
    assert [key.sort[:4] for key in office.world.ledger.writes[before:]] == ["RES#", "ADJ#"]


def test_a_check_in_opens_none_and_costs_one_write():
    office = Office()
    before = len(office.world.ledger.writes)
    assert office.put(sequence=2, state="completed").body["locked_after_sync"] is False
    assert (office.listed("all"), len(office.world.ledger.writes)) == ([], before + 1)


def test_a_check_in_while_one_is_open_leaves_it_as_it_is():
    office = Office()
    office.put(sequence=2, **DEARER)
    before = office.the_only_one()
    assert office.put(sequence=3, **DEARER, state="completed").body["locked_after_sync"] is True
    assert office.the_only_one() == before


@pytest.mark.parametrize(
    "settings",
    [{"order_date": "event_date"}, {"sales_associates": {"WGT": "widget-staff"}}, {"order_prefix": "NEW-"}],
    ids=str,
)
def test_changed_settings_and_a_check_in_lock_nothing(settings: dict[str, Any]):
    office = Office()
    office.decide(**settings)
    assert office.put(sequence=2, state="completed").body["locked_after_sync"] is False


@pytest.mark.parametrize("changes", [{"sku": "OTHER"}, {"tax_percent": "9"}, {"name": "Renamed"}], ids=str)
def test_a_changed_event_and_a_check_in_lock_nothing(changes: dict[str, str]):
    office = Office()
    settings = tenants.manage_settings()
    settings.replace_event(TENANT, STAFF, "tasting", EVENT.model_copy(update=changes), None)
    assert office.put(sequence=2, state="completed").body["locked_after_sync"] is False


def test_a_further_change_updates_the_open_one():
    office = Office()
    office.put(sequence=2, **DEARER)
    first = office.the_only_one()
    office.put(sequence=3, **CANCELLED, paid=0)
    second = office.the_only_one()
    assert second["adjustment_id"] == first["adjustment_id"]
    assert (second["sequence"], second["to_pay_back"], second["what_to_do"]) == (3, 8000, "void")
    assert parts_of(second) == {"cancellation": ("confirmed", "cancelled"), "payment": (8000, 0)}
    assert second["changed_at"] > first["changed_at"] == second["opened_at"]


def test_a_change_back_withdraws_it():
    office = Office()
    office.put(sequence=2, **DEARER)
    assert office.put(sequence=3).body["locked_after_sync"] is False
    assert office.listed() == []
    withdrawn = office.the_only_one("withdrawn")
    assert (withdrawn["state"], withdrawn["what_to_do"], withdrawn["advice"]) == ("withdrawn", None, None)
    assert office.record().order.stands_for is None


def test_a_change_after_a_withdrawal_opens_another():
    office = Office()
    for sequence, changes in [(2, DEARER), (3, {}), (4, CANCELLED)]:
        office.put(sequence=sequence, **changes)
    assert [a["state"] for a in office.listed("all")] == ["withdrawn", "open"]


def test_an_older_snapshot_changes_no_adjustment():
    office = Office()
    office.put(sequence=3, **DEARER)
    before = office.the_only_one()
    assert office.put(sequence=2, **CANCELLED).body["ignored"] is True
    assert office.the_only_one() == before


def test_the_reservation_shows_its_open_adjustment():
    office = Office()
    office.put(sequence=2, **DEARER)
    route, path = "GET /v1/reservations/{reservation_id}", {"reservation_id": "r-1"}
    shown = office.staff(route, path=path).body["adjustment"]
    assert shown["adjustment_id"] == office.the_only_one()["adjustment_id"]
    assert set(parts_of(shown)) == {"price", "payment"}
    office.put(sequence=3)
    assert office.staff(route, path=path).body["adjustment"] is None


def test_a_guest_corrected_by_staff_is_carried_over_too():
    office = Office()
    reservations.retry_reservation()(STAFF, TENANT, "r-1", Guest(first_name="Augusta"))
    adjustment = office.the_only_one()
    assert (parts_of(adjustment), adjustment["what_to_do"]) == ({"guest": (None, None)}, "correct")


def test_another_customer_for_the_order_is_named_once_they_are_known():
    office = Office()
    office.put(sequence=2, guest={**GUEST, "email": "augusta@example.com"})
    changes = parts_of(office.the_only_one())
    assert changes == {"guest": (None, None), "customer": ("customer-1", "customer-2")}


def test_a_change_while_nobody_knows_opens_one_when_the_order_is_found():
    office = Office()
    office.send_without_an_answer()
    assert office.put("r-9", sequence=2, **CANCELLED).body["locked_after_sync"] is False
    assert office.listed() == []
    office.settle()
    assert (office.the_only_one()["reservation_id"], office.record("r-9").locked_after_sync) == ("r-9", True)


def test_an_order_that_staff_found_opens_one_if_the_reservation_has_changed():
    office = Office()
    office.send_without_an_answer()
    office.crm.put_order(office.crm.orders[-1])
    office.settle()
    assert office.record("r-9").order.reason == "duplicates_found"
    office.put("r-9", sequence=2, **CANCELLED)
    office.choose("r-9", "it_is_there", crm_order_id="seen-1")
    assert office.the_only_one()["crm_order_id"] == "seen-1"


def test_a_refund_is_advised_from_the_next_day_on():
    office = Office()
    office.put(sequence=2, **CANCELLED, paid=0)
    assert office.the_only_one()["what_to_do"] == "void"
    office.clock.advance(seconds=86_400)
    assert office.the_only_one()["what_to_do"] == "refund"


def test_the_longest_waiting_is_listed_first_page_by_page():
    office = Office(orders=ADJUSTMENTS_PER_PAGE + 2)
    for number in range(1, ADJUSTMENTS_PER_PAGE + 3):
        office.put(f"r-{number}", sequence=2, **DEARER)
    for state in ("open", "all"):
        first = office.page(state)
        rest = office.page(state, cursor=first.body["next"]).body
        ids = [a["reservation_id"] for page in (first.body, rest) for a in page["adjustments"]]
        assert ids == [f"r-{number}" for number in range(1, ADJUSTMENTS_PER_PAGE + 3)]
        assert rest["next"] is None


@pytest.mark.parametrize("query", [{"cursor": "fn5-"}, {"cursor": "%%%"}, {"state": "lost"}, {"more": "1"}])
def test_a_query_nobody_understands_is_refused(query: dict[str, str]):
    office = Office(orders=0)
    assert office.page(**query).status == 422


def test_no_guest_is_told_of():
    office = Office()
    office.put(sequence=2, guest={**GUEST, "last_name": "Lovelace", "phone": "555"}, guest_note="Dear Ada")
    text = str(office.page("all").body)
    assert not [word for word in ("Lovelace", "Byron", "ada@", "555", "Dear") if word in text]
