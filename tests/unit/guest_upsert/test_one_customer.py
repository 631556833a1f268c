"""Never two customers for one e-mail: bookings at one moment, dying processes, and every mix of faults."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.bootstrap.outside import run_in
from tests.fakes.crm import Step
from tests.unit.guest_upsert.mortal_records import CrashError
from tests.unit.guest_upsert.winery import GUEST, Winery

WRITES_OF_A_CREATION = (1, 2, 3)
"""Snapshot, intent, and the transaction of claim and reservation."""


def assert_one_customer(winery: Winery, *reservation_ids: str) -> None:
    [customer_id] = winery.customers()
    for reservation_id in reservation_ids:
        customer = winery.record(reservation_id).customer
        assert customer.state in {"linked", "created"}
        assert customer.customer_id == customer_id


@pytest.mark.parametrize("moment", ["find_customers", "upsert_customer"])
def test_a_booking_during_anothers_crm_call_makes_no_second_customer(moment: str):
    winery = Winery()
    winery.during[moment] = lambda: winery.put("r-2")
    winery.put("r-1")
    winery.work_until_quiet()
    assert_one_customer(winery, "r-1", "r-2")
    assert len(winery.crm.calls_of("upsert_customer")) == 1


@pytest.mark.parametrize("write", WRITES_OF_A_CREATION)
def test_a_booking_between_anothers_steps_makes_no_second_customer(write: int):
    winery = Winery()
    winery.ledger.before_write[write] = lambda: winery.put("r-2")
    winery.put("r-1")
    winery.work_until_quiet()
    assert_one_customer(winery, "r-1", "r-2")
    assert len(winery.crm.calls_of("upsert_customer")) == 1


def test_who_meets_a_creation_under_way_is_parked_for_five_seconds():
    winery = Winery()
    answers = []
    winery.during["upsert_customer"] = lambda: answers.append(winery.put("r-2"))
    winery.put("r-1")
    assert answers[0].body["customer"]["reason"] == "creation_under_way"
    assert [(hint.reservation_id, hint.delay) for hint in winery.world.hints.left] == [("r-2", 5)]


@pytest.mark.parametrize("write", WRITES_OF_A_CREATION)
def test_a_newer_snapshot_between_the_steps_of_the_older_loses_neither(write: int):
    winery = Winery()
    winery.ledger.before_write[write] = lambda: winery.put(sequence=2, state="completed")
    winery.put()
    winery.work_until_quiet()
    assert_one_customer(winery, "r-1")
    assert winery.record().snapshot.state == "completed"


@pytest.mark.parametrize("write", WRITES_OF_A_CREATION)
@pytest.mark.parametrize("moment", ["dies_before", "dies_after"])
def test_a_process_that_dies_at_any_write_leaves_work_that_is_finished_once(write: int, moment: str):
    winery = Winery()
    setattr(winery.ledger, moment, write)
    with pytest.raises(CrashError):
        winery.put()
    winery.ledger.revive()
    winery.put()
    winery.work_until_quiet()
    assert_one_customer(winery, "r-1")


@pytest.mark.parametrize("moment", ["find_customers", "upsert_customer"])
def test_a_process_that_dies_before_a_call_leaves_work_that_is_finished_once(moment: str):
    winery = Winery()
    winery.during[moment] = winery.ledger.die
    with pytest.raises(CrashError):
        winery.put()
    winery.ledger.revive()
    winery.work_until_quiet()
    assert_one_customer(winery, "r-1")


@pytest.mark.parametrize("write", [1, 2, 3, 4])
@pytest.mark.parametrize("moment", ["dies_before", "dies_after"])
def test_a_retry_that_dies_at_any_write_leaves_work_that_is_finished_once(write: int, moment: str):
    winery = Winery()
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    winery.put()
    winery.clock.advance(seconds=10)
    setattr(winery.ledger, moment, winery.ledger.write_count + write)
    with pytest.raises(CrashError):
        winery.receive(winery.hint())
    winery.ledger.revive()
    winery.work_until_quiet()
    assert_one_customer(winery, "r-1")


READS = st.sampled_from([Step.NORMAL, Step.NORMAL, Step.UNAVAILABLE, Step.LOGIN_REFUSED])
WRITES = st.sampled_from(
    [
        Step.NORMAL,
        Step.NOT_DONE,
        Step.LOGIN_REFUSED,
        Step.UNKNOWN_EXECUTED,
        Step.UNKNOWN_NOT_EXECUTED,
        Step.LATE,
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    reads=st.lists(READS, max_size=6),
    writes=st.lists(WRITES, max_size=5),
    bookings=st.integers(1, 3),
    crash=st.none() | st.tuples(st.sampled_from(["dies_before", "dies_after"]), st.integers(1, 8)),
)
def test_whatever_fails_in_whatever_order_one_guest_becomes_one_customer(
    reads: list[Step], writes: list[Step], bookings: int, crash: tuple[str, int] | None
):
    winery = Winery()
    winery.crm.script("find_customers", *reads)
    winery.crm.script("upsert_customer", *writes)
    if crash:
        setattr(winery.ledger, *crash)
    names = [f"r-{number}" for number in range(bookings)]
    for name in names:
        try:
            winery.put(name)
        except CrashError:
            winery.ledger.revive()
            winery.put(name)
    winery.ledger.revive()
    winery.work_until_quiet()
    assert_one_customer(winery, *names)
    run_in(None)


def test_a_customer_just_created_whom_the_crm_does_not_show_yet_is_not_created_again():
    winery = Winery(existing_customer="fill_empty_fields")
    winery.put("r-1")
    [ada] = winery.crm.customers
    winery.crm.remove_customer(ada.customer_id)
    winery.clock.advance(seconds=winery.world.timers.read_lag)
    answer = winery.put("r-2").body["customer"]
    assert (answer["state"], answer["customer_id"]) == ("linked", ada.customer_id)
    assert len(winery.crm.calls_of("upsert_customer")) == 1


def test_a_customer_who_is_gone_for_good_is_created_anew():
    winery = Winery(existing_customer="fill_empty_fields")
    winery.put("r-1")
    winery.crm.remove_customer(winery.customers()[0])
    winery.clock.advance(seconds=winery.settle_time())
    assert winery.put("r-2").body["customer"]["state"] == "created"


@pytest.mark.parametrize("rule", ["leave_alone", "fill_empty_fields"])
def test_an_engine_that_repeats_the_id_it_was_given_changes_nothing(rule: str):
    winery = Winery(existing_customer=rule)
    customer_id = winery.put().body["customer"]["customer_id"]
    winery.crm.remove_customer(customer_id)
    answer = winery.put(sequence=2, guest={**GUEST, "customer_id": customer_id})
    assert answer.body["customer"]["customer_id"] == customer_id
    assert answer.body["customer"]["state"] in {"created", "linked"}


def test_what_the_crm_said_is_kept_even_if_the_reservation_was_changed_meanwhile():
    winery = Winery()
    winery.ledger.before_write[3] = lambda: winery.put(sequence=2, state="completed")
    winery.put()
    winery.clock.advance(seconds=5)
    winery.do_what_is_due()
    assert_one_customer(winery, "r-1")
    assert len(winery.crm.calls_of("find_customers")) == 1


def test_who_loses_the_race_for_a_claim_looks_once_more_and_is_linked_at_once():
    winery = Winery()
    winery.ledger.before_write[2] = lambda: winery.put("r-2")
    assert winery.put("r-1").body["customer"]["state"] == "linked"
    assert winery.record("r-2").customer.state == "created"
