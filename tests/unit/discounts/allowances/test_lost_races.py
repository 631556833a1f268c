"""Who is overtaken decides once more; who is overtaken again and again is kept all the same, and told so."""

from collections.abc import Sequence

import pytest

from cellarhand.domain.discounts.allowance import AllowanceRecord
from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.records import Key, Record
from cellarhand.ports.records import R
from tests.unit.discounts.allowances.visits import FEE, Visits, answered, guest
from tests.unit.guest_upsert.mortal_records import CrashError

SUM = "free calendar_month:2026-06"
BUSY = {"expected_total": None, "difference": None, "cause": "allowance_busy"}


class Crowd:
    """Others who are always first at an allowance, while it lasts."""

    def __init__(self, visits: Visits) -> None:
        self.save_all = visits.ledger.save_all
        self.tries = 0
        self.is_there = True
        visits.ledger.save_all = self._save_all

    def _save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        if self.is_there and any(isinstance(record, AllowanceRecord) for record in records):
            self.tries += 1
            raise StaleRecordError("AllowanceRecord was changed meanwhile")
        self.save_all(records, removed)


def test_who_is_overtaken_between_reading_and_writing_gets_what_is_left_then():
    visits = Visits()
    visits.ledger.before_write[1] = lambda: visits.book("r-2", free=3, party=3)
    answer = visits.book("r-1", free=2)
    assert answered(answer) == [("free", 2, 1, 0)]
    assert answer.body["price_check"]["cause"] == "allowance_gone"
    assert visits.sums() == {SUM: 4}


def test_two_names_of_one_member_do_not_share_the_last_unit():
    visits = Visits()
    visits.book("r-0")
    assert visits.record("r-0").customer.customer_id == "customer-1"
    by_id_and_address = {"customer_id": "customer-1", "email": "ada@example.com"}
    first_write = visits.ledger.write_count + 1
    claim = next(key for key in visits.ledger.writes if key.sort.startswith("CUST#"))
    read = visits.ledger.get

    def without_claim(kind: type[R], key: Key) -> R | None:
        return None if key == claim else read(kind, key)

    def book_as_a_stranger() -> None:
        visits.ledger.get = without_claim
        visits.book("r-2", free=3, party=3)
        visits.ledger.get = read

    visits.ledger.before_write[first_write] = book_as_a_stranger
    assert answered(visits.book("r-1", free=2, guest=by_id_and_address)) == [("free", 2, 1, 0)]


def test_a_reservation_is_kept_although_its_allowance_is_fought_for():
    visits = Visits()
    crowd = Crowd(visits)
    answer = visits.book(free=2)
    assert (answer.status, answered(answer), answer.body["price_check"]) == (200, [], BUSY)
    assert crowd.tries == 9
    assert visits.record().customer.customer_id == "customer-1"
    assert visits.sums() == {}


def test_the_same_snapshot_settles_what_was_fought_for():
    visits = Visits()
    crowd = Crowd(visits)
    visits.book(free=2)
    crowd.is_there = False
    answer = visits.book(free=2)
    assert answered(answer) == [("free", 2, 2, 2)]
    assert answer.body["price_check"] is None
    assert visits.sums() == {SUM: 2}


def test_a_cancel_that_could_not_give_back_does_so_when_it_is_sent_again():
    visits = Visits()
    visits.book(free=2)
    crowd = Crowd(visits)
    assert visits.book(sequence=2, state="cancelled").body["price_check"] == BUSY
    assert visits.sums() == {SUM: 2}
    crowd.is_there = False
    assert visits.book(sequence=2, state="cancelled").body["price_check"] is None
    assert visits.sums() == {}


def test_a_store_that_does_not_answer_takes_nothing():
    visits = Visits()
    visits.ledger.unavailable_from = 1
    lines = [{"rule": "free", "guests": 2, "amount": 2 * FEE}]
    assert visits.put(discounts=lines, total=0, paid=0).status == 503
    visits.ledger.unavailable_from = None
    assert visits.sums() == {}
    assert answered(visits.book(free=2)) == [("free", 2, 2, 2)]


@pytest.mark.parametrize("dies", ["dies_before", "dies_after"])
def test_a_process_that_dies_at_the_write_leaves_all_or_nothing(dies: str):
    visits = Visits()
    setattr(visits.ledger, dies, 1)
    with pytest.raises(CrashError):
        visits.book(free=2)
    visits.ledger.revive()
    assert visits.sums() == ({SUM: 2} if dies == "dies_after" else {})
    assert answered(visits.book(free=2)) == [("free", 2, 2, 2)]
    assert answered(visits.book("r-2", free=2, guest=guest(2))) == [("free", 2, 2, 2)]
