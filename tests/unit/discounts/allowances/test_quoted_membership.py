"""A quote is for one guest as the CRM had them: who that is, and whether it still is so when they book."""

from datetime import date

from tests.fakes.crm import Step
from tests.unit.discounts.allowances.visits import (
    FEE,
    GOLD,
    MEMBER,
    UNLIMITED,
    Visits,
    a_gold_member,
    accept,
    answered,
    guest,
)
from tests.unit.guest_upsert.winery import ADA


def test_a_membership_that_ended_after_the_quote_is_named():
    visits = a_gold_member()
    quote = visits.quote(2)
    visits.crm.put_customer(ADA)
    check = {"expected_total": 2 * FEE, "difference": -1600, "cause": "membership_changed"}
    answer = accept(visits, quote)
    assert (quote.total, answer.body["price_check"]) == (6400, check)
    assert visits.record().price_check is not None


def test_a_quote_of_a_member_does_not_serve_somebody_else():
    visits = a_gold_member()
    answer = accept(visits, visits.quote(2), guest=guest(2))
    assert answer.body["price_check"]["cause"] == "membership_changed"


def test_a_member_who_still_is_one_costs_no_write():
    visits = a_gold_member()
    quote = visits.quote(2)
    visits.ledger.writes.clear()
    assert accept(visits, quote).body["price_check"] is None
    assert [key.sort.split("#")[0] for key in visits.ledger.writes] == ["RES", "CUST", "RES"]


def test_the_crm_is_not_asked_again_about_a_guest_whose_price_depends_on_nothing():
    visits = Visits(UNLIMITED)
    visits.crm.put_customer(ADA)
    quote = visits.quote(2)
    visits.crm.calls.clear()
    accept(visits, quote)
    assert [call for call in visits.crm.calls if "get_customer" in str(call)] == []


def test_with_the_crm_silent_the_quoted_membership_is_believed():
    visits = a_gold_member()
    quote = visits.quote(2)
    visits.crm.always("*", Step.UNAVAILABLE)
    assert accept(visits, quote).body["price_check"] is None


def test_the_membership_year_of_a_booking_is_that_of_its_quote():
    visits = a_gold_member()
    joined = MEMBER.memberships[0].model_copy(update={"joined_on": date(2020, 3, 15)})
    visits.crm.put_customer(MEMBER.model_copy(update={"memberships": (joined,)}))
    limit = {"counts": "uses", "maximum": 1, "period": "membership_year"}
    visits.rule_unchecked(GOLD | {"limit_per_member": limit})
    accept(visits, visits.quote(2))
    assert visits.sums() == {"gold membership_year:2026-03-15": 1}
    lines = [{"rule": "gold", "guests": 2, "amount": 1600}]
    visits.put(sequence=2, discounts=lines, total=6400, paid=6400, starts_at="2027-03-15T10:00")
    assert visits.sums() == {"gold membership_year:2027-03-15": 1}


def test_a_member_who_was_quoted_as_somebody_else_is_told_what_they_would_pay():
    visits = a_gold_member()
    answer = accept(visits, visits.quote(2, guest={"email": "guest-2@example.com"}))
    check = {"expected_total": 6400, "difference": 1600, "cause": "membership_changed"}
    assert answer.body["price_check"] == check


def test_the_quote_tells_whose_allowance_it_is_before_any_link_does():
    visits = Visits()
    visits.crm.put_customer(ADA)
    accept(visits, visits.quote(3))
    assert answered(visits.book("r-2", free=2, guest={"customer_id": "c-1"})) == [("free", 2, 1, 0)]
