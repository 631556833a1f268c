"""Everything booked stands in one of five parts, to the cent; what does not is shown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cellarhand.domain.reconciliation.ledger_side import (
    PART_OF,
    LedgerEntry,
    MoneyPart,
    Sum,
    ledger_entry,
    ledger_sums,
)
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from tests.fakes.crm import Step
from tests.unit.order_sync.given import NOW, TENANT, reservation
from tests.unit.order_sync.runner import STAFF
from tests.unit.reconciliation.ledger import JUNE, Bookkeeping


def entry(number: int, state: OrderState, **changes: Any) -> LedgerEntry:
    record = reservation(f"r-{number}", order=OrderProgress(state=state, reason=changes.pop("reason", None)))
    return ledger_entry(record)._replace(**changes)


STATES = st.sampled_from(OrderState)
ENTRIES = st.lists(st.builds(lambda state, total: (state, total), STATES, st.integers(0, 10**9)), max_size=40)


def test_every_order_state_belongs_to_a_part():
    assert set(PART_OF) == set(OrderState)
    assert set(PART_OF.values()) == set(MoneyPart)


@pytest.mark.parametrize(
    ("state", "part"),
    [
        (OrderState.SYNCED, "synced"),
        (OrderState.PENDING, "waiting"),
        (OrderState.SENDING, "waiting"),
        (OrderState.UNKNOWN, "waiting"),
        (OrderState.REJECTED, "refused"),
        (OrderState.REVIEW, "needs_attention"),
        (OrderState.NOT_ELIGIBLE, "excluded"),
    ],
)
def test_a_reservation_counts_where_its_order_stands(state: OrderState, part: str):
    books = ledger_sums({"r-1"}, [entry(1, state, total=8001)])
    assert (books.booked, getattr(books, part)) == (Sum(records=1, money=8001),) * 2
    assert books.adds_up


@given(ENTRIES)
def test_the_parts_make_what_is_booked(drawn: list[tuple[OrderState, int]]):
    entries = [entry(n, state, total=total) for n, (state, total) in enumerate(drawn)]
    books = ledger_sums({e.reservation_id for e in entries}, entries)
    assert books.adds_up
    assert books.booked == Sum(records=len(drawn), money=sum(total for _, total in drawn))
    assert sum(books.reasons.values(), Sum()) == books.excluded


def test_what_cannot_be_read_is_unaccounted_for():
    books = ledger_sums({"r-1", "r-2"}, [entry(1, OrderState.SYNCED)])
    assert (books.adds_up, books.unaccounted) == (False, Sum(records=1))


def test_a_state_that_belongs_to_no_part_is_unaccounted_for():
    without = {state: part for state, part in PART_OF.items() if state is not OrderState.REVIEW}
    books = ledger_sums({"r-1"}, [entry(1, OrderState.REVIEW, total=500)], without)
    assert (books.adds_up, books.unaccounted) == (False, Sum(records=1, money=500))


def test_what_is_excluded_is_told_by_reason():
    wanted = [("cancelled", 100), ("cancelled", 50), ("balance_due", 30), (None, 5)]
    entries = [
        entry(n, OrderState.NOT_ELIGIBLE, reason=reason, total=total)
        for n, (reason, total) in enumerate(wanted)
    ]
    books = ledger_sums({e.reservation_id for e in entries}, entries)
    assert books.reasons == {
        "balance_due": Sum(records=1, money=30),
        "cancelled": Sum(records=2, money=150),
        "no_reason": Sum(records=1, money=5),
    }


class AnyWinery(RuleBasedStateMachine):
    """Bookings, changes, runs, lost replies and staff, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.winery = Bookkeeping()
        self.totals: dict[str, int] = {}

    @rule(party=st.integers(1, 4), paid=st.booleans(), day=st.integers(1, 30))
    def book(self, party: int, paid: bool, day: int) -> None:
        id_ = f"r-{len(self.totals) + 1}"
        due = {} if paid else {"paid": 0}
        body = {"party_size": party, "starts_at": f"2026-06-{day:02d}T11:00", **due}
        self.winery.keep(reservation(id_, snapshot=body))
        self.totals[id_] = party * 4000

    @rule(step=st.sampled_from(Step), another=st.sampled_from(Step))
    def sync(self, step: Step, another: Step) -> None:
        self.winery.crm.script("create_order", step, another)
        self.winery.start()
        self.winery.drain()

    @rule(seconds=st.sampled_from([30, 900, 7200]))
    def go_on_later(self, seconds: int) -> None:
        self.winery.clock.advance(seconds=seconds)
        self.winery.crm.release()
        self.winery.drain()
        self.winery.run_checks()

    @precondition(lambda self: self.totals)
    @rule(data=st.data(), excluded=st.booleans())
    def decide(self, data: st.DataObject, excluded: bool) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.totals)))
        if self.winery.order_of(id_).state in {OrderState.NOT_ELIGIBLE, OrderState.PENDING}:
            staff = self.winery.decisions()
            decide = staff.exclude if excluded else staff.include
            decide(STAFF, TENANT, id_)

    @invariant()
    def the_five_parts_add_up(self) -> None:
        books = self.winery.reconcile(JUNE).ledger
        five = [getattr(books, part) for part in MoneyPart]
        assert books.adds_up
        assert sum(five, Sum()) == books.booked
        assert books.booked == Sum(records=len(self.totals), money=sum(self.totals.values()))


TestAnyWinery = AnyWinery.TestCase
TestAnyWinery.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_visits_of_other_days_are_left_out():
    winery = Bookkeeping()
    for day in ("2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"):
        winery.keep(reservation(f"r-{day}", snapshot={"starts_at": f"{day}T23:30"}))
    assert winery.reconcile().ledger.booked.records == 2
    one_day = JUNE.model_copy(update={"to_date": date(2026, 6, 1)})
    assert winery.reconcile(one_day).ledger.booked.records == 1
    assert winery.clock.now() == NOW
