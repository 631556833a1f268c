"""Order sync while everybody works against it, judged by the CRM's book: one order each, none lost.

The engine cancels, changes and moves, staff exclude and choose, runs overlap, runners die at any write or
outlive their lease, and the CRM forgets to answer: in any order, and also in the middle of a call.
"""

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.adjustments.adjustment import ADJUSTMENT_PREFIX, Adjustment, AdjustmentState
from cellarhand.domain.errors import ConflictError
from cellarhand.domain.orders.build_order import OrderParts, build_order
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.use_cases.ledger.reservation_context import reservation_context
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.order_sync.list_runs import ListRuns
from tests.fakes.crm import InMemoryCrm, Step
from tests.unit.order_sync.crashes import Killed, MortalLedger
from tests.unit.order_sync.given import EVENT, SETTINGS, TENANT, ZONE, replaced, snapshot
from tests.unit.order_sync.runner import STAFF, Winery

IDS = ("r-001", "r-002", "r-003")
SNAPSHOTS: dict[str, dict[str, Any]] = {
    "confirmed": {},
    "cancelled": {"state": "cancelled"},
    "dearer": {"fee_per_guest": 5000},
    "moved": {"starts_at": "2026-06-20T11:00"},
    "owes": {"paid": 1},
}
STEPS = [
    Step.NORMAL,
    Step.NOT_DONE,
    Step.REFUSED,
    Step.UNKNOWN_EXECUTED,
    Step.UNKNOWN_NOT_EXECUTED,
    Step.LATE,
]
CHANGES = st.one_of(
    st.tuples(st.just("keep"), st.sampled_from(IDS), st.sampled_from(sorted(SNAPSHOTS))),
    st.tuples(st.sampled_from(["exclude", "include", "send_again"]), st.sampled_from(IDS)),
    st.tuples(st.sampled_from(["start", "start_scheduled"])),
)
ACTIONS = st.one_of(
    CHANGES,
    st.tuples(st.sampled_from(["drain", "drain", "pass_time", "pass_time"])),
    st.tuples(st.just("die"), st.integers(1, 25), st.booleans()),
)
IN_A_CALL = st.one_of(st.just(()), CHANGES, st.tuples(st.just("outlive_lease")))


class Play:
    """A winery, and what may happen to it."""

    def __init__(
        self, steps: list[Step], in_calls: list[tuple[Any, ...]], crm: InMemoryCrm | None = None
    ) -> None:
        self.winery = Winery(crm=crm)
        self.winery.outside.schedule_items.items[TENANT] = {"enabled": True, "daily_at": "05:00"}
        self.winery.keep_many(len(IDS))
        self.winery.crm.script("create_order", *steps)
        self.winery.crm._before_call = self._in_a_call
        self._in_calls = list(in_calls)

    def act(self, name: str, *arguments: Any) -> None:
        with suppress(ConflictError):
            getattr(self, name)(*arguments)

    def keep(self, reservation_id: str, what: str) -> None:
        record = self.winery.record(reservation_id)
        body = snapshot(sequence=record.snapshot.sequence + 1, **SNAPSHOTS[what])
        facts = reservation_context(self.winery.outside.settings, TENANT, "cellar")
        judged = facts.reassess(replaced(record, body))
        save_adjusted(self.winery.ledger, judged, self.winery.clock.now())

    def exclude(self, reservation_id: str) -> None:
        self.winery.decisions().exclude(STAFF, TENANT, reservation_id)

    def include(self, reservation_id: str) -> None:
        self.winery.decisions().include(STAFF, TENANT, reservation_id)

    def send_again(self, reservation_id: str) -> None:
        self.winery.decisions().settle_review(STAFF, TENANT, reservation_id, "send_again", None)

    def start(self) -> None:
        self.winery.start()

    def start_scheduled(self) -> None:
        self.winery.start_scheduled()

    def drain(self) -> None:
        self.winery.drain()

    def die(self, at: int, written: bool) -> None:
        with suppress(Killed):
            self.winery.drain(ledger=MortalLedger(self.winery.ledger, at, written=written))
        self.winery.clock.advance(seconds=self.winery.outside.timers.sending)

    def outlive_lease(self) -> None:
        self.winery.clock.advance(seconds=self.winery.outside.timers.lease.total_seconds())
        self.winery.drain()

    def pass_time(self) -> None:
        """Less than the CRM may take for what it executes late."""
        self.winery.clock.advance(seconds=300)
        self.winery.crm.release()

    def end(self) -> None:
        """Let everything under way come to its end, and then sync once more."""
        for _ in range(2):
            self.winery.start()
            for _ in range(40):
                self.pass_time()
                self.winery.drain()

    def _in_a_call(self, method: str) -> None:
        if method in {"create_order", "find_orders"} and self._in_calls:
            what = self._in_calls.pop()
            if what:
                self.act(*what)


def check_runs(winery: Winery) -> None:
    """All are over, and what was synced was counted by one of them, once."""
    records = winery.runs()
    history = ListRuns(winery.outside.settings, winery.ledger, records)
    runs = [records.get(TENANT, shown.run_id) for shown in history.newest(TENANT).runs]
    told = [winery.told(run) for run in runs]
    assert all(run.is_over for run in runs)
    assert sum(run.counts.get("synced", 0) for run in told) <= len(winery.orders)
    assert sum(run.money for run in told) <= sum(order.total for order in winery.orders)


def check(winery: Winery, record: ReservationRecord) -> None:
    """Our ledger and the CRM's book tell the same."""
    state, order = record.order.state, record.order
    booked = [found for found in winery.orders if found.order_number.number == order.number]
    assert state not in {OrderState.SENDING, OrderState.UNKNOWN}
    assert booked == ([order.sent] if state is OrderState.SYNCED else [])
    assert record.locked_after_sync is (state is OrderState.SYNCED and is_another_order(record))
    check_adjustments(winery, record)


def is_another_order(record: ReservationRecord) -> bool:
    """Whether an order of the newest snapshot would not be the one that was sent."""
    sent = record.order.sent
    if sent is None or record.snapshot.state == "cancelled":
        return True
    parts = OrderParts(
        order_number=sent.order_number,
        customer_id=sent.buyer.customer_id,
        event=EVENT,
        settings=SETTINGS,
        timezone=ZONE,
        synced_on=sent.order_date,
    )
    return build_order(record.snapshot, parts) != sent


def check_adjustments(winery: Winery, record: ReservationRecord) -> None:
    """One is open for a locked reservation and says all that differs; none for any other."""
    found = winery.ledger.list_records(Adjustment, tenant_partition(TENANT), ADJUSTMENT_PREFIX).items
    of_this = [one for one in found if one.reservation_id == record.reservation_id]
    still_open = [one for one in of_this if one.state is AdjustmentState.OPEN]
    assert [one.adjustment_id for one in still_open] == [record.adjustment_id] * record.locked_after_sync
    for adjustment in still_open:
        assert adjustment.changes == record.changes_after_sync


@settings(max_examples=250, deadline=None)
@given(
    steps=st.lists(st.sampled_from(STEPS), max_size=8),
    in_calls=st.lists(IN_A_CALL, max_size=6),
    actions=st.lists(ACTIONS, max_size=14),
)
def test_whatever_happens_meanwhile_ledger_and_book_agree_in_the_end(
    steps: list[Step], in_calls: list[tuple[Any, ...]], actions: list[tuple[Any, ...]]
):
    play = Play(steps, in_calls)
    play.start()
    for action in actions:
        play.act(*action)
    play.end()
    assert play.winery.failures == []
    assert len(set(play.winery.numbers)) == len(play.winery.orders)
    check_runs(play.winery)
    for id_ in IDS:
        check(play.winery, play.winery.record(id_))
