"""A booked price is held against what the visit costs now, and a difference is told with its cause."""

from typing import Any

import pytest

from cellarhand.domain.discounts.quotes.quote_record import QuoteRecord, quote_key
from tests.unit.discounts.allowances.visits import FEE, FREE, JULY, UNLIMITED, Visits, accept, answered
from tests.unit.guest_upsert.winery import TENANT


def _free(guests: int) -> list[dict[str, Any]]:
    return [{"rule": "free", "guests": guests, "amount": FEE * guests}]


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
    unknown = {"expected_total": None, "difference": None, "cause": "quote_unknown"}
    assert answer.body["price_check"] == unknown


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


def test_an_older_quote_without_what_it_was_priced_by_is_unknown():
    visits = Visits()
    quote = visits.quote(2)
    stored = visits.ledger.get(QuoteRecord, quote_key(TENANT, quote.quote_id))
    assert stored is not None
    visits.ledger.save(stored.model_copy(update={"basis": None}))
    assert accept(visits, quote).body["price_check"]["cause"] == "quote_unknown"


def test_a_confirmed_price_is_not_held_against_rules_that_change_later():
    visits = Visits()
    quote = visits.quote(2)
    accept(visits, quote)
    visits.rule(UNLIMITED | {"benefit": {"kind": "percent_off", "percent": "50"}})
    check_in = accept(visits, quote, sequence=2, state="completed", internal_note="came early")
    assert check_in.body["price_check"] is None


@pytest.mark.parametrize(("seconds", "cause"), [(60, None), (3600, "quote_expired")])
def test_a_quote_holds_as_of_when_it_was_asked_for_until_it_expires(seconds: float, cause: str | None):
    visits = Visits(UNLIMITED | {"when": {"booked_days_ahead_min": 14}})
    quote = visits.quote(2)
    visits.clock.advance(seconds=seconds)
    check = accept(visits, quote, booked_at="2026-06-07T12:00:00Z").body["price_check"]
    assert (check and check["cause"]) == cause


def test_other_money_in_a_later_snapshot_is_held_against_the_quote_again():
    visits = Visits(UNLIMITED)
    quote = visits.quote(2)
    accept(visits, quote)
    answer = accept(visits, quote, sequence=2, discounts=[], total=2 * FEE)
    check = {"expected_total": 0, "difference": 2 * FEE, "cause": "not_as_quoted"}
    assert answer.body["price_check"] == check
