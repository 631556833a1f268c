"""What is left stands in every quote, and little is read to tell it."""

from typing import Any

import pytest

from cellarhand.domain.discounts.quote import Quote
from cellarhand.domain.records import Key
from cellarhand.ports.records import R
from tests.fakes.crm import Step
from tests.unit.discounts.allowances.visits import FEE, FREE, UNLIMITED, Visits
from tests.unit.guest_upsert.winery import ADA


def left(quote: Quote) -> list[tuple[str, int]]:
    return [(each.rule, each.left) for each in quote.allowances]


def test_a_quote_says_what_is_left_after_it():
    visits = Visits()
    visits.book("r-1", free=1, party=1)
    quote = visits.quote(2)
    assert (quote.total, left(quote)) == (0, [("free", 1)])


def test_a_quote_gives_what_is_left_and_no_more():
    visits = Visits()
    visits.book("r-1", free=3, party=3)
    quote = visits.quote(2)
    assert (quote.total, left(quote)) == (FEE, [("free", 0)])


def test_a_reservation_priced_again_does_not_count_itself():
    visits = Visits()
    visits.book("r-1", free=3, party=3)
    assert visits.quote(4, reservation_id="r-1").total == 0
    assert visits.quote(4).total == 3 * FEE


def test_a_guest_matched_by_id_has_the_allowance_of_their_address():
    visits = Visits()
    visits.crm.put_customer(ADA)
    visits.book("r-1", free=3, party=3)
    assert left(visits.quote(1, guest={"customer_id": "c-1"})) == [("free", 0)]


def test_a_code_is_counted_in_a_quote_that_names_nobody():
    visits = Visits()
    visits.book_with_code()
    assert ("half", 1) in left(visits.quote(code="HALF", guest=None))


def test_while_the_crm_is_silent_a_guest_once_linked_is_still_known():
    visits = Visits()
    visits.book("r-1", free=1, party=1)
    visits.book("r-1", sequence=2, free=1, party=1, internal_note="now under the customer's id")
    visits.crm.always("*", Step.UNAVAILABLE)
    assert left(visits.quote(1)) == [("free", 2)]


@pytest.mark.parametrize(("rule", "reads"), [(FREE, 1), (UNLIMITED, 0)])
def test_sums_are_read_once_and_only_where_a_limit_counts(rule: dict[str, Any], reads: int):
    visits = Visits(rule)
    batches: list[int] = []
    read = visits.ledger.get_many

    def counting(kind: type[R], keys: list[Key]) -> list[R]:
        batches.append(len(keys))
        return read(kind, keys)

    visits.ledger.get_many = counting
    visits.quote()
    assert len(batches) == reads


def test_a_quote_that_is_kept_costs_one_write_limits_or_not():
    visits = Visits()
    visits.quote()
    assert [key.sort.split("#")[0] for key in visits.ledger.writes] == ["QUOTE"]


def test_a_booking_without_discounts_codes_or_quotes_writes_and_reads_no_more_than_before():
    visits = Visits()
    visits.crm.put_customer(ADA)
    kinds: list[str] = []
    read = visits.ledger.get

    def with_history(kind: type[R], key: Key) -> R | None:
        kinds.append(kind.__name__)
        return read(kind, key)

    visits.ledger.get = with_history
    visits.book()
    assert [key.sort.split("#")[0] for key in visits.ledger.writes] == ["RES", "CUST", "RES"]
    assert set(kinds) <= {"ReservationRecord", "CustomerClaim", "BreakerRecord"}
