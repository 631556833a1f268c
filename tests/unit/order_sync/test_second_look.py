"""A guest whom we created is looked for again before the order leaves: perhaps staff typed them in too."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.customers.email_claim import CustomerClaim, customer_claim_key, email_hash
from cellarhand.domain.reservations.reservation import CustomerProgress, CustomerState
from tests.fakes.crm import Step
from tests.unit.order_sync.given import NOW, TENANT, reservation
from tests.unit.order_sync.runner import TimeLeft, Winery

EMAIL = "anna@example.com"
OURS = Customer(customer_id="customer-1", email=EMAIL, last_name="Berg")
TYPED_IN = Customer(customer_id="customer-2", email=EMAIL, last_name="Berg")
HASH = email_hash("k", EMAIL)


def winery_that_created_anna(*also: Customer, seen_from: timedelta = timedelta(0), **changes: Any) -> Winery:
    winery = Winery()
    for customer in (OURS, *also):
        winery.crm.put_customer(customer)
    look_at = winery.clock.now() + seen_from
    created = CustomerProgress(
        state=CustomerState.CREATED, customer_id=OURS.customer_id, second_look_at=look_at, **changes
    )
    winery.keep(reservation(customer=created, received_at=NOW))
    winery.ledger.save(
        CustomerClaim(tenant_id=TENANT, email_hash=HASH, customer_id=OURS.customer_id, visible_at=look_at)
    )
    return winery


def claim_of(winery: Winery) -> CustomerClaim:
    found = winery.ledger.get(CustomerClaim, customer_claim_key(TENANT, HASH))
    assert found is not None
    return found


def test_two_of_one_address_are_flagged_and_ours_gets_the_order():
    winery = winery_that_created_anna(TYPED_IN)
    winery.sync()
    customer = winery.record().customer
    assert (customer.customer_id, customer.duplicates) == (OURS.customer_id, 1)
    assert [order.buyer.customer_id for order in winery.orders] == [OURS.customer_id]
    assert claim_of(winery).duplicates == 1


def test_the_look_costs_no_write_of_its_own():
    looked, known = winery_that_created_anna(), Winery()
    known.keep(reservation())
    before = [len(winery.outside.ledger.writes) for winery in (looked, known)]
    for winery in (looked, known):
        winery.sync()
    written = [len(winery.outside.ledger.writes) for winery in (looked, known)]
    assert written[0] - before[0] == written[1] - before[1]
    assert len(looked.crm.calls_of("find_customers")) == 1


def test_nobody_is_looked_for_who_was_there_before_us():
    winery = Winery()
    winery.keep(reservation())
    winery.sync()
    assert winery.crm.calls_of("find_customers") == []


def test_before_the_crm_shows_everybody_no_look_is_worth_its_call():
    winery = winery_that_created_anna(seen_from=timedelta(seconds=1))
    winery.sync()
    assert (winery.crm.calls_of("find_customers"), len(winery.orders)) == ([], 1)


def test_one_look_is_enough():
    winery = winery_that_created_anna()
    winery.crm.script("create_order", Step.UNKNOWN_NOT_EXECUTED)
    winery.sync()
    assert len(winery.crm.calls_of("create_order")) == 2
    assert len(winery.crm.calls_of("find_customers")) == 1


@pytest.mark.parametrize("silence", [Step.UNAVAILABLE, Step.LOGIN_REFUSED])
def test_a_crm_that_is_silent_about_customers_gets_its_order(silence: Step):
    winery = winery_that_created_anna(TYPED_IN)
    winery.crm.always("find_customers", silence)
    winery.sync()
    assert len(winery.orders) == 1


@given(lag=st.floats(0, 120), typed_in_at=st.floats(0, 60), skew=st.floats(-60, 60))
def test_whoever_staff_typed_in_the_same_minute_is_flagged(lag: float, typed_in_at: float, skew: float):
    """Within R of the second creation, whatever our clock says, the CRM shows both."""
    winery = winery_that_created_anna(seen_from=timedelta(seconds=120 + 60))
    shown_from = winery.clock.now() + timedelta(seconds=min(typed_in_at + lag, 120) + skew)
    winery.clock.advance(seconds=180)
    if winery.clock.now() >= shown_from:
        winery.crm.put_customer(TYPED_IN)
    winery.sync()
    assert winery.record().customer.duplicates == 1


def test_at_a_crm_so_slow_that_a_look_leaves_no_time_for_the_send_the_order_goes_out_next_time():
    winery = winery_that_created_anna(TYPED_IN)
    run, deadline = winery.start(), TimeLeft()

    def takes_twenty_seconds(method: str) -> None:
        deadline.seconds -= 20

    winery.crm._before_call = takes_twenty_seconds
    for _ in range(3):
        deadline.seconds = 60
        winery.drain(deadline)
        winery.clock.advance(seconds=60)
    assert winery.told(run).state == "done"
    assert len(winery.crm.calls_of("find_customers")) == 1
    assert winery.record().customer.duplicates == 1


def test_rounds_that_only_looked_are_no_reason_to_come_back_later_and_later():
    winery = winery_that_created_anna(TYPED_IN)
    run, deadline = winery.start(), TimeLeft()

    def takes_twenty_seconds(method: str) -> None:
        deadline.seconds -= 20

    winery.crm._before_call = takes_twenty_seconds
    winery.drain(deadline)
    looked = winery.run(run)
    assert looked.fruitless == 0
    assert looked.due == winery.clock.now()
