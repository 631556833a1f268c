"""What becomes of a member's allowance on a reservation's way."""

from typing import Any

import pytest

from tests.unit.discounts.allowances.visits import FREE, HALF, JULY, UNLIMITED, Visits, answered, guest

JUNE_SUM = "free calendar_month:2026-06"
JULY_SUM = "free calendar_month:2026-07"


def test_a_booking_takes_what_its_discount_needs():
    visits = Visits()
    answer = visits.book(free=2)
    assert answered(answer) == [("free", 2, 2, 2)]
    assert answer.body["price_check"] is None
    assert visits.sums() == {JUNE_SUM: 2}


def test_the_answer_names_the_allowance_and_its_period():
    [allowance] = Visits().book(free=2).body["allowances"]
    assert (allowance["of"], allowance["period"]) == ("member", "calendar_month:2026-06")


def test_a_party_that_grows_takes_the_difference_and_one_that_shrinks_gives_it_back():
    visits = Visits()
    visits.book(free=2)
    assert answered(visits.book(sequence=2, free=3, party=3)) == [("free", 3, 3, 1)]
    assert visits.sums() == {JUNE_SUM: 3}
    visits.book(sequence=3, free=1, party=1)
    assert visits.sums() == {JUNE_SUM: 1}


def test_a_discount_taken_away_gives_everything_back():
    visits = Visits()
    visits.book(free=2)
    assert answered(visits.book(sequence=2)) == []
    assert visits.sums() == {}


def test_a_visit_moved_to_another_month_moves_its_use():
    visits = Visits()
    visits.book(free=2)
    assert answered(visits.book(sequence=2, free=2, starts_at=JULY)) == [("free", 2, 2, 2)]
    assert visits.sums() == {JULY_SUM: 2}


def test_a_visit_moved_to_a_month_that_is_used_up_holds_nothing_any_more():
    visits = Visits()
    visits.book("r-1", free=4, party=4, starts_at=JULY)
    visits.book("r-2", free=2)
    answer = visits.book("r-2", sequence=2, free=2, starts_at=JULY)
    assert answered(answer) == [("free", 2, 0, 0)]
    assert visits.sums() == {JULY_SUM: 4}


def test_a_cancel_before_the_visit_gives_back():
    visits = Visits()
    visits.book(free=2)
    assert answered(visits.book(sequence=2, free=2, state="cancelled")) == []
    assert visits.sums() == {}


def test_a_cancel_after_the_visit_has_begun_does_not():
    visits = Visits()
    visits.book(free=2)
    after_two_in_california = "2026-06-20T21:00:00Z"
    visits.book(sequence=2, free=2, state="cancelled", state_at=after_two_in_california)
    assert visits.sums() == {JUNE_SUM: 2}


@pytest.mark.parametrize("state", ["completed", "no_show"])
def test_a_visit_that_is_over_has_consumed_its_use(state: str):
    visits = Visits()
    visits.book(free=2)
    visits.book(sequence=2, free=2, state=state)
    visits.book(sequence=3, free=2, state="cancelled")
    assert visits.sums() == {JUNE_SUM: 2}


def test_a_no_show_whose_discount_was_dropped_has_consumed_it_all_the_same():
    visits = Visits()
    visits.book(free=2)
    visits.book(sequence=2, state="no_show")
    assert visits.sums() == {JUNE_SUM: 2}


def test_a_no_show_by_mistake_is_taken_back():
    visits = Visits()
    visits.book(free=2)
    visits.book(sequence=2, state="no_show")
    visits.book(sequence=3, free=2)
    visits.book(sequence=4, state="cancelled")
    assert visits.sums() == {}


def test_a_reservation_first_heard_of_as_a_no_show_consumes_its_use():
    visits = Visits()
    visits.book(free=2, state="no_show")
    assert visits.sums() == {JUNE_SUM: 2}


def test_the_same_snapshot_again_says_the_same_and_changes_nothing():
    visits = Visits()
    visits.book("r-1", free=3, party=3)
    first = visits.book("r-2", free=2)
    writes = visits.ledger.write_count
    again = visits.book("r-2", free=2)
    assert first.body["allowances"] == again.body["allowances"]
    assert first.body["price_check"] == again.body["price_check"] is not None
    assert visits.ledger.write_count == writes


def test_an_older_snapshot_changes_nothing():
    visits = Visits()
    visits.book(sequence=5, free=1)
    visits.book(sequence=4, free=2)
    assert visits.sums() == {JUNE_SUM: 1}


def test_another_guest_takes_over_from_their_own_allowance():
    visits = Visits()
    visits.book("r-1", free=4, party=4, guest=guest(2))
    visits.book("r-2", free=2)
    assert answered(visits.book("r-2", sequence=2, free=2, guest=guest(2))) == [("free", 2, 0, 0)]
    assert visits.sums() == {JUNE_SUM: 4}


def test_guests_who_booked_before_they_were_known_are_the_same_members_after():
    visits = Visits()
    visits.book("r-1", free=3, party=3)
    assert visits.record("r-1").customer.customer_id == "customer-1"
    matched = {"customer_id": "customer-1", "email": "ada@example.com"}
    assert answered(visits.book("r-2", free=2, guest=matched)) == [("free", 2, 1, 0)]
    visits.book("r-1", sequence=2, free=3, party=3, internal_note="a check-in")
    by_id_alone = {"customer_id": "customer-1"}
    assert answered(visits.book("r-3", free=2, guest=by_id_alone)) == [("free", 2, 0, 0)]
    assert visits.sums() == {JUNE_SUM: 4}


def test_somebody_who_is_not_named_has_no_allowance():
    visits = Visits()
    answer = visits.book(free=2, guest={"last_name": "Byron"})
    assert answered(answer) == [("free", 2, 0, 4)]
    assert answer.body["price_check"]["cause"] == "allowance_gone"
    assert visits.sums() == {}


def test_a_code_is_counted_for_everybody_together():
    visits = Visits()
    lefts = [answered(visits.book_with_code(f"r-{n}", guest=guest(n)))[0] for n in range(4)]
    assert lefts == [("half", 1, 1, 2), ("half", 1, 1, 1), ("half", 1, 1, 0), ("half", 1, 0, 0)]
    assert visits.sums() == {"half ever": 3}


def test_a_code_given_back_is_there_for_the_next():
    visits = Visits()
    for number in range(3):
        visits.book_with_code(f"r-{number}", guest=guest(number))
    visits.book_with_code("r-0", sequence=2, guest=guest(0), state="cancelled")
    assert answered(visits.book_with_code("r-3", guest=guest(3))) == [("half", 1, 1, 0)]


def test_a_rule_takes_all_of_its_allowances_or_none():
    visits = Visits(HALF | {"code_limit_per_guest": 1})
    visits.book_with_code("r-1")
    again = visits.book_with_code("r-2")
    assert answered(again) == [("half", 1, 0, 2), ("half", 1, 0, 0)]
    assert visits.sums() == {"half ever": 2}  # one for the code, one for the code and this guest


def test_a_rule_that_covers_too_few_guests_to_hold_gives_none():
    visits = Visits(FREE | {"guests_covered_min": 2})
    visits.book("r-1", free=3, party=3)
    assert answered(visits.book("r-2", free=2)) == [("free", 2, 0, 1)]


def test_what_a_booking_holds_is_not_taken_away_by_a_stricter_rule():
    visits = Visits()
    visits.book("r-1", free=3, party=3)
    limit: dict[str, Any] = {"counts": "guests", "maximum": 1, "period": "calendar_month"}
    visits.rule(FREE | {"limit_per_member": limit})
    assert answered(visits.book("r-1", sequence=2, free=3, party=3)) == [("free", 3, 3, 0)]
    assert answered(visits.book("r-2", free=1)) == [("free", 1, 0, 0)]


def test_a_limit_that_is_lifted_leaves_nothing_behind():
    visits = Visits()
    visits.book(free=3, party=3)
    visits.rule(UNLIMITED)
    assert answered(visits.book(sequence=2, free=3, party=3)) == []
    assert visits.sums() == {}


def test_a_code_that_opens_an_event_is_used_by_who_comes_with_it():
    friends = {"id": "friends", "name": "Friends", "code": "FRIENDS", "code_limit_total": 1}
    visits = Visits(friends | {"benefit": {"kind": "access_only"}})
    visits.add_event("dinner", invite_only={"clubs_any": ["Gold Club"]})
    opened = {"event_id": "dinner", "promo_code": " friends "}
    assert answered(visits.book("r-1", **opened)) == [("friends", 1, 1, 0)]
    assert answered(visits.book("r-2", guest=guest(2), **opened)) == [("friends", 1, 0, 0)]


def test_at_most_eight_allowances_are_held_by_one_booking():
    rules = [FREE | {"id": f"free-{n}", "priority": n} for n in range(10)]
    visits = Visits(*rules)
    lines = [{"rule": rule["id"], "guests": 1, "amount": 0} for rule in rules]
    answer = visits.book(discounts=lines, total=8000, paid=8000)
    assert [granted for _, _, granted, _ in answered(answer)] == [1] * 8 + [0] * 2
    moved = visits.book(sequence=2, discounts=lines, total=8000, paid=8000, starts_at=JULY)
    assert [granted for _, _, granted, _ in answered(moved)] == [1] * 8 + [0] * 2
    assert set(visits.sums()) == {f"free-{n} calendar_month:2026-07" for n in range(8)}


def test_no_address_is_in_what_allowances_are_kept_by():
    visits = Visits()
    visits.book(free=2)
    keys = [key.sort for key in visits.ledger.writes if key.sort.startswith("ALLOWANCE#")]
    assert len(keys) == 1
    assert "ada" not in keys[0]


def test_a_booking_with_a_limit_is_one_transaction_of_the_reservation_and_one_sum():
    visits = Visits()
    visits.book(free=2)
    written = [key.sort.split("#")[0] for key in visits.ledger.writes]
    assert written == ["ALLOWANCE", "RES", "CUST", "CUST", "RES"]
    assert visits.ledger.write_count == 3


def test_a_discount_without_a_limit_writes_nothing_more():
    visits = Visits(UNLIMITED)
    visits.book(free=2)
    assert [key.sort.split("#")[0] for key in visits.ledger.writes] == ["RES", "CUST", "CUST", "RES"]
