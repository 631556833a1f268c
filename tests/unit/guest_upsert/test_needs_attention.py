"""What only a person can mend: named at once, never retried, gone on with after the correction."""

from typing import Any

import pytest

from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.tenants.audit_entry import AuditEntry
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import ADA, EMAIL, GUEST, Winery


@pytest.mark.parametrize(
    ("guest", "reason", "field"),
    [
        ({**GUEST, "email": None}, "email_missing", "email"),
        ({**GUEST, "email": "  "}, "email_missing", "email"),
        ({**GUEST, "email": "ada at example"}, "email_invalid", "email"),
        ({**GUEST, "last_name": None}, "last_name_missing", "last_name"),
        ({**GUEST, "last_name": " "}, "last_name_missing", "last_name"),
        ({}, "email_missing", "email"),
    ],
)
def test_missing_data_needs_attention_at_once_with_the_field_named(
    guest: dict[str, Any], reason: str, field: str
):
    winery = Winery()
    answer = winery.put(guest=guest)
    assert answer.status == 200
    assert answer.body["customer"] == {
        "state": "needs_attention",
        "customer_id": None,
        "reason": reason,
        "field": field,
    }
    assert winery.crm.calls == []
    assert winery.world.hints.left == []
    assert winery.record().due_at is None


def test_a_corrected_guest_is_upserted_at_once():
    winery = Winery()
    winery.put(guest={**GUEST, "last_name": None})
    record = winery.retry(last_name="Byron")
    assert record.customer.state == "created"
    assert winery.crm.customers[0].last_name == "Byron"


def test_a_retry_is_audited_by_the_names_of_the_fields_corrected():
    winery = Winery()
    winery.put(guest={**GUEST, "last_name": None})
    winery.retry(last_name="Byron", phone="+1 555 0100")
    [entry] = winery.world.audit.list_records(AuditEntry, "T#oak-hollow", "AUD#").items
    assert (entry.what, entry.key_id) == ("reservation_retried", "staffkey")
    assert entry.ids == {"reservation_id": "r-1", "corrected": "last_name, phone"}


def test_a_correction_survives_a_newer_snapshot_of_the_same_guest():
    winery = Winery()
    as_typed = {**GUEST, "last_name": None}
    winery.put(guest=as_typed)
    winery.retry(last_name="Byron")
    answer = winery.put(sequence=2, state="completed", guest=as_typed)
    assert answer.body["customer"]["state"] == "created"
    assert winery.record().snapshot.guest.last_name == "Byron"


def test_a_correction_ends_with_a_newer_snapshot_of_another_guest():
    winery = Winery()
    winery.put(guest={**GUEST, "last_name": None})
    winery.retry(last_name="Byron")
    answer = winery.put(sequence=2, guest={"email": "grace@example.com"})
    assert answer.body["customer"]["reason"] == "last_name_missing"
    assert winery.record().correction is None


def test_the_uncorrected_snapshot_sent_again_is_still_the_same():
    winery = Winery()
    as_typed = {**GUEST, "last_name": None}
    winery.put(guest=as_typed)
    winery.retry(last_name="Byron")
    writes = winery.ledger.write_count
    assert winery.put(guest=as_typed).body["customer"]["state"] == "created"
    assert winery.ledger.write_count == writes


def test_a_retry_without_a_correction_asks_the_crm_again():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.REFUSED)
    winery.put()
    assert winery.retry().customer.state == "created"
    assert winery.record().correction is None


def test_a_retry_of_a_linked_guest_changes_nobody():
    winery = Winery()
    winery.put()
    calls = len(winery.crm.calls)
    assert winery.retry(phone="+1 555 0100").customer.state == "created"
    assert len(winery.crm.calls) == calls
    assert winery.record().snapshot.guest.phone == "+1 555 0100"


def test_a_retry_during_an_outage_leaves_the_guest_pending():
    winery = Winery()
    winery.put(guest={**GUEST, "last_name": None})
    winery.crm.always("*", Step.UNAVAILABLE)
    assert winery.retry(last_name="Byron").customer.state == "pending"
    winery.crm.always("*", Step.NORMAL)
    winery.work_until_quiet()
    assert winery.customers() == ["customer-1"]


def test_a_retry_of_a_reservation_there_is_not_is_not_found():
    with pytest.raises(NotFoundError):
        Winery().retry("never-heard-of")


def test_a_matched_customer_beats_the_email():
    winery = Winery()
    winery.crm.put_customer(ADA)
    matched = ADA.model_copy(update={"customer_id": "c-7", "email": "ada.old@example.com"})
    winery.crm.put_customer(matched)
    answer = winery.put(guest={**GUEST, "customer_id": "c-7"})
    assert (answer.body["customer"]["state"], answer.body["customer"]["customer_id"]) == ("linked", "c-7")
    assert winery.crm.calls_of("find_customers") == []


def test_a_match_with_nobody_needs_attention_and_can_be_lifted():
    winery = Winery()
    answer = winery.put(guest={**GUEST, "customer_id": "c-404"})
    assert (answer.body["customer"]["reason"], answer.body["customer"]["field"]) == (
        "customer_unknown",
        "customer_id",
    )
    assert winery.retry(customer_id=None).customer.state == "created"
    assert winery.customers() == ["customer-1"]


def test_a_match_during_an_outage_waits():
    winery = Winery()
    winery.crm.always("get_customer", Step.UNAVAILABLE)
    answer = winery.put(guest={"email": EMAIL, "customer_id": "c-1"})
    assert answer.body["customer"]["reason"] == "crm_unavailable"
