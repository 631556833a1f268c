"""A guest waits three seconds at most, and the CRM is given its fair share of them."""

import pytest

from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import Winery


def test_a_slow_look_up_leaves_no_time_to_create():
    winery = Winery()
    winery.during["find_customers"] = lambda: winery.clock.advance(seconds=1.6)
    answer = winery.put()
    assert answer.body["customer"]["reason"] == "no_time_left"
    assert winery.crm.calls_of("upsert_customer") == []
    winery.clock.advance(seconds=10)
    winery.do_what_is_due()
    assert winery.customers() == ["customer-1"]


def test_a_crm_is_not_blamed_for_the_time_that_we_have_wasted():
    winery = Winery()
    for number in range(6):
        winery.ledger.before_write[winery.ledger.write_count + 1] = lambda: winery.clock.advance(seconds=2.5)
        assert winery.put(f"r-{number}").body["customer"]["reason"] == "no_time_left"
    assert winery.crm.calls == []
    assert winery.put("r-7").body["customer"]["state"] == "created"


def test_a_guest_waits_at_most_three_seconds():
    winery = Winery()
    winery.during["find_customers"] = lambda: winery.clock.advance(seconds=1)
    winery.put()
    [search], [creation] = winery.crm.calls_of("find_customers"), winery.crm.calls_of("upsert_customer")
    assert search.timeout == pytest.approx(1.2)
    assert creation.timeout == pytest.approx(1.7)


def test_a_creation_that_hangs_leaves_time_to_write_that_down_within_the_three_seconds():
    winery = Winery()
    winery.crm.script("upsert_customer", Step.LATE)
    winery.put()
    [creation] = winery.crm.calls_of("upsert_customer")
    assert creation.timeout <= 2.7


def test_a_slow_store_after_the_intent_leaves_nothing_in_the_air():
    winery = Winery()
    winery.ledger.before_write[2] = lambda: winery.clock.advance(seconds=1.6)
    assert winery.put().body["customer"]["state"] == "pending"
    assert winery.crm.calls_of("upsert_customer") == []
    winery.clock.advance(seconds=10)
    winery.do_what_is_due()
    assert winery.record().customer.state == "created"
