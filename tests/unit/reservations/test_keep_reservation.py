"""PUT of a snapshot: kept first, then the guest is upserted at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.tenants.tenant import Provider
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import ADA, EMAIL, GUEST, Winery


def test_a_new_guest_is_created_with_the_data_given():
    winery = Winery()
    answer = winery.put(guest={**GUEST, "email": "  Ada@Example.COM ", "phone": "+1 555 0100"})
    assert answer.status == 200
    assert answer.body["customer"] == {
        "state": "created",
        "customer_id": "customer-1",
        "reason": None,
        "field": None,
    }
    [created] = winery.crm.customers
    assert (created.email, created.first_name, created.last_name) == (EMAIL, "Ada", "Byron")
    assert created.phone == "+1 555 0100"


def test_a_customer_of_the_crm_is_linked_and_left_alone():
    winery = Winery()
    winery.crm.put_customer(ADA)
    answer = winery.put(guest={**GUEST, "first_name": "Augusta", "phone": "+1 555 0100"})
    assert answer.body["customer"]["state"] == "linked"
    assert answer.body["customer"]["customer_id"] == "c-1"
    assert winery.crm.customers == [ADA]


def test_the_answer_has_the_whole_shape():
    winery = Winery()
    winery.add_event()
    answer = winery.put()
    assert answer.body == {
        "reservation_id": "r-1",
        "sequence": 1,
        "ignored": False,
        "customer": {"state": "created", "customer_id": "customer-1", "reason": None, "field": None},
        "order": {"state": "pending", "reason": None, "crm_order_id": None},
        "allowances": [],
        "price_check": None,
        "access": {"allowed": True, "reason": None},
        "locked_after_sync": False,
    }


def test_creating_a_guest_takes_a_snapshot_an_intent_and_one_transaction():
    winery = Winery()
    winery.put()
    assert [key.sort.split("#")[0] for key in winery.ledger.writes] == ["RES", "CUST", "CUST", "RES"]
    assert winery.ledger.write_count == 3


def test_a_known_guest_is_linked_without_asking_the_crm():
    winery = Winery()
    winery.put("r-1")
    calls = len(winery.crm.calls)
    answer = winery.put("r-2")
    assert answer.body["customer"] == {
        "state": "linked",
        "customer_id": "customer-1",
        "reason": None,
        "field": None,
    }
    assert len(winery.crm.calls) == calls


def test_the_ledger_has_no_address_in_any_key():
    winery = Winery()
    winery.put()
    assert not any("ada" in part for key in winery.ledger.writes for part in key)


def test_duplicates_in_the_crm_are_counted_and_the_best_is_linked():
    winery = Winery()
    for customer_id in ("10", "9"):
        winery.crm.put_customer(ADA.model_copy(update={"customer_id": customer_id}))
    assert winery.put().body["customer"]["customer_id"] == "9"
    assert winery.record().customer.duplicates == 1


def test_the_same_snapshot_twice_changes_nothing():
    winery = Winery()
    first = winery.put()
    writes, calls = winery.ledger.write_count, len(winery.crm.calls)
    again = winery.put()
    assert again.status == 200
    assert again.body["ignored"] is False
    assert again.body["customer"] == first.body["customer"]
    assert (winery.ledger.write_count, len(winery.crm.calls)) == (writes, calls)


def test_an_older_snapshot_is_ignored():
    winery = Winery()
    winery.put(sequence=5)
    writes = winery.ledger.write_count
    answer = winery.put(sequence=4, state="cancelled")
    assert answer.status == 200
    assert answer.body["ignored"] is True
    assert answer.body["sequence"] == 5
    assert winery.record().snapshot.state == "confirmed"
    assert winery.ledger.write_count == writes


def test_a_sequence_with_another_body_is_a_conflict():
    winery = Winery()
    winery.put(sequence=5)
    answer = winery.put(sequence=5, state="completed")
    assert answer.status == 409
    assert answer.body["code"] == "sequence_reused"


def test_a_newer_snapshot_replaces_and_keeps_the_customer():
    winery = Winery()
    winery.put()
    calls = len(winery.crm.calls)
    answer = winery.put(sequence=2, state="completed")
    assert answer.body["customer"]["state"] == "created"
    assert winery.record().snapshot.state == "completed"
    assert len(winery.crm.calls) == calls


def test_a_newer_snapshot_with_another_guest_upserts_that_one():
    winery = Winery()
    winery.put()
    answer = winery.put(sequence=2, guest={**GUEST, "email": "grace@example.com"})
    assert answer.body["customer"] == {
        "state": "created",
        "customer_id": "customer-2",
        "reason": None,
        "field": None,
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"kind": "ticket_order"}, "ticket_order"), ({"state": "cancelled"}, "cancelled")],
)
def test_what_needs_no_customer_is_skipped(changes: dict[str, str], reason: str):
    winery = Winery()
    answer = winery.put(**changes)
    assert (answer.body["customer"]["state"], answer.body["customer"]["reason"]) == ("skipped", reason)
    assert winery.crm.calls == []


def test_a_winery_without_a_crm_skips_every_guest():
    winery = Winery(provider=Provider.NONE)
    assert winery.put().body["customer"] == {
        "state": "skipped",
        "customer_id": None,
        "reason": "no_crm",
        "field": None,
    }


def test_a_cancellation_keeps_the_customer_that_there_is():
    winery = Winery()
    winery.put()
    assert winery.put(sequence=2, state="cancelled").body["customer"]["state"] == "created"


def test_a_cancelled_reservation_that_comes_back_is_upserted():
    winery = Winery()
    winery.put(state="cancelled")
    assert winery.put(sequence=2).body["customer"]["state"] == "created"


def test_consent_is_passed_on_as_given_and_never_invented():
    winery = Winery(new_customer_contact_types=("visitor",))
    winery.put("r-1")
    winery.put("r-2", guest={**GUEST, "email": "grace@example.com", "marketing_opt_in": False})
    first, second = (call.arguments["customer"] for call in winery.crm.calls_of("upsert_customer"))
    assert (first.marketing_opt_in, second.marketing_opt_in) == (None, False)
    assert first.contact_types == ("visitor",)


@pytest.mark.parametrize("step", [Step.UNAVAILABLE, Step.LOGIN_REFUSED, Step.REFUSED])
@pytest.mark.parametrize("method", ["find_customers", "upsert_customer"])
def test_nothing_the_crm_does_fails_the_call(step: Step, method: str):
    winery = Winery()
    winery.crm.always(method, step)
    assert winery.put().status == 200
    assert winery.record().customer.state in {"pending", "needs_attention"}


def test_a_crm_without_a_login_leaves_the_guest_pending():
    winery = Winery()
    winery.world.crm.without_login.add("oak-hollow")
    answer = winery.put()
    assert (answer.status, answer.body["customer"]["reason"]) == (200, "crm_login_missing")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_in_whatever_order_and_however_often_snapshots_come_the_newest_counts(arrivals: list[int]):
    winery = Winery()
    for sequence in arrivals:
        answer = winery.put(sequence=sequence, internal_note=f"note {sequence}")
        assert answer.status == 200
    record = winery.record()
    assert (record.snapshot.sequence, record.snapshot.internal_note) == (
        max(arrivals),
        f"note {max(arrivals)}",
    )
    assert winery.customers() == ["customer-1"]
    rising = [n for i, n in enumerate(arrivals) if n > max(arrivals[:i], default=-1)]
    assert len(record.history) == len(rising) + 1
