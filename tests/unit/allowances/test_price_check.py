"""A booked price is held against what the visit costs now, and a difference is told with its cause."""

from datetime import date
from typing import Any

import pytest

from cellarhand.domain.customer import Club, Membership, MembershipStatus
from cellarhand.domain.discounts.quote import Quote
from cellarhand.domain.discounts.stored import QuoteRecord, quote_key
from tests.fakes.crm import Step
from tests.fakes.http import Answered
from tests.unit.allowances.visits import FEE, FREE, JULY, UNLIMITED, Visits, answered, guest
from tests.unit.customer_upsert.winery import ADA, TENANT

GOLD = {
    "id": "gold",
    "name": "Gold members",
    "who": {"clubs_any": ["Gold"]},
    "benefit": {"kind": "percent_off", "percent": "20"},
}
MEMBER = ADA.model_copy(
    update={
        "memberships": (Membership(club_id="c1", club="Gold", status=MembershipStatus.ACTIVE),),
    }
)


def accept(visits: Visits, quote: Quote, reservation_id: str = "r-1", **changes: Any) -> Answered:
    """Book exactly what was quoted, with changes."""
    lines = [line.model_dump(include={"rule", "guests", "amount"}) for line in quote.discounts]
    body = {
        "party_size": quote.fees // FEE,
        "discounts": lines,
        "total": quote.total,
        "paid": quote.total,
        "quote_id": quote.quote_id,
    }
    answer = visits.put(reservation_id, **{**body, **changes})
    assert answer.status == 200, answer.body
    return answer


def _free(guests: int) -> list[dict[str, Any]]:
    return [{"rule": "free", "guests": guests, "amount": FEE * guests}]


def a_gold_member() -> Visits:
    visits = Visits(FREE)
    visits.crm.clubs = [Club(id="c1", name="Gold", active=True)]
    visits.crm.put_customer(MEMBER)
    visits.rule(GOLD)
    return visits


def test_a_quote_that_holds_needs_no_remark():
    visits = Visits()
    assert accept(visits, visits.quote(3)).body["price_check"] is None


def test_the_last_unit_goes_to_one_and_the_other_is_told_the_difference():
    visits = Visits()
    mine, yours = visits.quote(3), visits.quote(3)
    accept(visits, mine, "r-1")
    answer = accept(visits, yours, "r-2")
    assert answered(answer) == [("free", 3, 1, 0)]
    check = {"expected_total": 2 * FEE, "difference": -2 * FEE, "cause": "allowance_gone"}
    assert answer.body["price_check"] == check
    assert visits.record("r-2").snapshot.total == 0


def test_without_a_quote_the_difference_is_in_proportion_with_its_tax():
    visits = Visits()
    visits.add_event("taxed", tax_percent="7.75")
    visits.book("r-1", free=3, party=3)
    answer = visits.book("r-2", free=2, event_id="taxed")
    taxed = {"expected_total": FEE + 310, "difference": -FEE - 310, "cause": "allowance_gone"}
    assert answer.body["price_check"] == taxed


def test_an_allowance_granted_later_clears_the_remark():
    visits = Visits()
    mine, yours = visits.quote(3), visits.quote(3)
    accept(visits, mine, "r-1")
    accept(visits, yours, "r-2")
    accept(visits, mine, "r-1", sequence=2, state="cancelled")
    answer = accept(visits, yours, "r-2", sequence=2)
    assert answered(answer) == [("free", 3, 3, 1)]
    assert answer.body["price_check"] is None


def test_a_remark_stands_while_nothing_about_the_price_changes():
    visits = Visits()
    quote = visits.quote(2)
    visits.rule(UNLIMITED | {"benefit": {"kind": "percent_off", "percent": "50"}})
    first = accept(visits, quote)
    check_in = accept(visits, quote, sequence=2, state="completed")
    assert first.body["price_check"] == check_in.body["price_check"] is not None


def test_a_schema_that_changed_is_named_with_the_difference():
    visits = Visits()
    quote = visits.quote(2)
    visits.rule(UNLIMITED | {"benefit": {"kind": "percent_off", "percent": "50"}})
    check = {"expected_total": FEE, "difference": -FEE, "cause": "schema_changed"}
    assert accept(visits, quote).body["price_check"] == check


def test_a_schema_that_changed_without_another_price_is_no_matter():
    visits = Visits()
    quote = visits.quote(2)
    visits.rule(FREE | {"name": "Friends"})
    assert accept(visits, quote).body["price_check"] is None


def test_an_unknown_quote_is_said_to_be_unknown():
    answer = Visits().book(quote_id="never-was")
    untold = {"expected_total": None, "difference": None, "cause": "quote_unknown"}
    assert answer.body["price_check"] == untold


@pytest.mark.parametrize(("seconds", "cause"), [(60, "settings_changed"), (3600, "quote_expired")])
def test_an_event_that_became_dearer_is_told_of_as_a_price_that_no_longer_holds(seconds: float, cause: str):
    visits = Visits(UNLIMITED)
    quote = visits.quote(6)
    visits.clock.advance(seconds=seconds)
    visits.make_dearer(by=500)
    check = {"expected_total": 2 * FEE + 1000, "difference": -1000, "cause": cause}
    assert accept(visits, quote).body["price_check"] == check


def test_an_expired_quote_of_a_price_that_still_holds_is_no_matter():
    visits = Visits()
    quote = visits.quote(2)
    visits.clock.advance(seconds=3600)
    assert accept(visits, quote).body["price_check"] is None


def test_another_visit_than_quoted_at_another_price_is_named():
    visits = Visits(UNLIMITED)
    quote = visits.quote(6)
    smaller = accept(visits, quote, party_size=5, total=0, paid=0, discounts=_free(5))
    check = {"expected_total": FEE, "difference": -FEE, "cause": "booking_changed"}
    assert smaller.body["price_check"] == check


def test_a_quote_is_held_against_what_was_booked_and_not_against_itself():
    visits = Visits()
    visits.book("r-1", free=4, party=4, starts_at=JULY)
    answer = accept(visits, visits.quote(2), "r-2", starts_at=JULY)
    assert answer.body["price_check"]["expected_total"] == 2 * FEE
    cheaper = accept(visits, visits.quote(5), "r-3", discounts=[], total=5 * FEE, paid=5 * FEE)
    assert cheaper.body["price_check"] == {
        "expected_total": FEE,
        "difference": 4 * FEE,
        "cause": "not_as_quoted",
    }


def test_what_staff_take_off_is_no_difference():
    visits = Visits(UNLIMITED)
    quote = visits.quote(6)
    comp = [{"name": "Comp", "by": "Eva", "amount": FEE}]
    lines = [line.model_dump(include={"rule", "guests", "amount"}) for line in quote.discounts]
    body = {"discounts": [*lines, *comp], "total": FEE, "paid": FEE}
    assert accept(visits, quote, **body).body["price_check"] is None


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


def test_an_older_quote_without_what_it_was_priced_by_is_unknown():
    visits = Visits()
    quote = visits.quote(2)
    stored = visits.ledger.get(QuoteRecord, quote_key(TENANT, quote.quote_id))
    assert stored is not None
    visits.ledger.save(stored.model_copy(update={"basis": None}))
    assert accept(visits, quote).body["price_check"]["cause"] == "quote_unknown"
