"""Outages, lost answers, late executions: the guest waits for nothing, and becomes exactly one customer."""

import pytest

from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import AN_HOUR_AND_A_HALF, EMAIL, GUEST, Winery


def test_an_outage_leaves_the_guest_pending_with_a_hint_for_the_next_time():
    winery = Winery()
    winery.crm.always("*", Step.UNAVAILABLE)
    answer = winery.put()
    assert answer.body["customer"] == {
        "state": "pending",
        "customer_id": None,
        "reason": "crm_unavailable",
        "field": None,
    }
    assert [(hint.reservation_id, hint.delay) for hint in winery.world.hints.left] == [("r-1", 10)]
    assert winery.due() == []
    winery.clock.advance(seconds=10)
    assert winery.due() == ["r-1"]


def test_pauses_grow_to_an_hour_and_never_end():
    winery = Winery()
    winery.crm.always("*", Step.UNAVAILABLE)
    winery.put()
    pauses: list[float] = []
    for _ in range(7):
        pauses.append(winery.world.hints.left[-1].delay)
        winery.clock.advance(seconds=pauses[-1])
        winery.do_what_is_due()
    assert pauses == [10, 30, 120, 600, 3600, 3600, 3600]


def test_an_outage_that_ends_is_healed_and_nobody_is_lost():
    winery = Winery()
    winery.crm.always("*", Step.UNAVAILABLE)
    for number in range(20):
        winery.put(f"r-{number}", guest={**GUEST, "email": f"guest{number}@example.com"})
    winery.clock.advance(seconds=1800)
    winery.do_what_is_due()
    winery.crm.always("*", Step.NORMAL)
    winery.work_until_quiet()
    assert {winery.record(f"r-{number}").customer.state for number in range(20)} == {"created"}
    assert len(winery.crm.customers) == 20


def test_a_refused_login_is_not_hammered():
    winery = Winery()
    winery.crm.always("*", Step.LOGIN_REFUSED)
    answer = winery.put()
    assert answer.body["customer"]["reason"] == "crm_login_refused"
    assert winery.world.hints.left[-1].delay == 3600


def test_a_login_refused_at_the_creation_is_not_hammered_either():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.LOGIN_REFUSED)
    assert winery.put().body["customer"]["reason"] == "crm_login_refused"
    assert winery.world.hints.left[-1].delay == 3600


def test_what_was_certainly_not_done_is_done_at_the_next_try():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.NOT_DONE)
    assert winery.put().body["customer"]["reason"] == "crm_unavailable"
    winery.clock.advance(seconds=10)
    winery.do_what_is_due()
    assert winery.customers() == ["customer-1"]


@pytest.mark.parametrize("step", [Step.UNKNOWN_EXECUTED, Step.UNKNOWN_NOT_EXECUTED, Step.LATE])
def test_a_lost_answer_settles_before_anybody_looks_and_leaves_one_customer(step: Step):
    winery = Winery()
    winery.crm.script("upsert_customer", step)
    answer = winery.put()
    assert (answer.body["customer"]["state"], answer.body["customer"]["reason"]) == (
        "pending",
        "outcome_unknown",
    )
    searches = len(winery.crm.calls_of("find_customers"))
    winery.clock.advance(seconds=600)
    winery.crm.release()
    winery.receive(winery.hint())
    winery.clock.advance(seconds=winery.settle_time() - 601)
    winery.do_what_is_due()
    assert len(winery.crm.calls_of("find_customers")) == searches
    winery.clock.advance(seconds=1)
    winery.do_what_is_due()
    assert len(winery.customers()) == 1
    assert winery.record().customer.customer_id == winery.customers()[0]


def test_a_guest_at_whom_the_crm_chokes_each_time_is_not_sent_to_it_all_day():
    winery = Winery()
    winery.crm.always("upsert_customer", Step.UNKNOWN_NOT_EXECUTED)
    winery.put()
    waits = []
    for _ in range(5):
        due = winery.record().due_at
        assert due is not None
        waits.append((due - winery.clock.now()).total_seconds())
        winery.clock.advance(seconds=waits[-1])
        winery.do_what_is_due()
    assert waits == [840, 1680, 3360, 3600, 3600]
    assert winery.record().customer.message == "No answer."


def test_another_booking_of_a_guest_whose_creation_is_unknown_waits_for_the_same_moment():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.LATE)
    winery.put("r-1")
    answer = winery.put("r-2")
    assert answer.body["customer"]["reason"] == "outcome_unknown"
    assert winery.record("r-2").due_at == winery.record("r-1").due_at
    winery.crm.release()
    winery.clock.advance(seconds=winery.settle_time())
    winery.do_what_is_due()
    assert winery.customers() == ["customer-1"]
    assert winery.record("r-1").customer.customer_id == winery.record("r-2").customer.customer_id


def test_a_guest_refused_by_the_crm_needs_attention_with_the_crms_own_words():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.REFUSED)
    answer = winery.put()
    assert (answer.body["customer"]["state"], answer.body["customer"]["reason"]) == (
        "needs_attention",
        "refused_by_crm",
    )
    assert winery.record().customer.message == "The CRM said no."
    assert winery.record().due_at is None


def test_the_same_refused_data_is_not_sent_again_with_a_newer_snapshot():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.REFUSED)
    winery.put()
    winery.put(sequence=2, state="completed")
    assert len(winery.crm.calls_of("upsert_customer")) == 1


def test_a_silent_store_after_the_snapshot_costs_the_guest_nothing():
    winery = Winery()
    winery.ledger.unavailable_from = 2
    answer = winery.put()
    assert (answer.status, answer.body["customer"]["state"]) == (200, "pending")
    winery.ledger.unavailable_from = None
    winery.clock.advance(seconds=30)
    winery.do_what_is_due()
    assert [customer.email for customer in winery.crm.customers] == [EMAIL]


def test_a_fault_of_our_own_after_the_snapshot_is_told_to_operators_and_not_to_the_guest(
    capsys: pytest.CaptureFixture[str],
):
    winery = Winery()
    winery.during["find_customers"] = lambda: [][1]
    answer = winery.put()
    assert (answer.status, answer.body["customer"]["state"]) == (200, "pending")
    assert '"Failures":[1.0]' in capsys.readouterr().out
    winery.clock.advance(seconds=30)
    winery.do_what_is_due()
    assert winery.customers() == ["customer-1"]


def test_a_crm_that_we_have_not_configured_is_told_to_operators_and_the_guest_waits(
    capsys: pytest.CaptureFixture[str],
):
    winery = Winery()
    winery.world.crm.is_configured = False
    assert winery.put().body["customer"]["reason"] == "crm_not_configured"
    assert '"Failures":[1.0]' in capsys.readouterr().out
    assert winery.receive(winery.hint()) == []
    assert winery.due(within=AN_HOUR_AND_A_HALF) == ["r-1"]


def test_a_snapshot_that_could_not_be_kept_is_refused_so_that_it_comes_again():
    winery = Winery()
    winery.ledger.unavailable_from = 1
    assert winery.put().status == 503
    winery.ledger.unavailable_from = None
    assert winery.put().body["customer"]["state"] == "created"


def test_a_newer_snapshot_during_an_outage_does_not_start_the_pauses_anew():
    winery = Winery()
    winery.crm.always("*", Step.UNAVAILABLE)
    winery.put()
    winery.put(sequence=2, state="completed")
    assert [hint.delay for hint in winery.world.hints.left] == [10, 30]


def test_a_long_outage_does_not_push_the_rest_out_of_the_history():
    winery = Winery()
    winery.crm.always("*", Step.UNAVAILABLE)
    winery.put()
    for _ in range(30):
        winery.clock.advance(seconds=3600)
        winery.do_what_is_due()
    assert [step.what for step in winery.record().history] == [
        "snapshot 1, confirmed",
        "guest pending: crm_unavailable",
    ]
