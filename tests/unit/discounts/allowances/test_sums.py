"""Whatever happens to reservations: a sum is what they hold, and never above its maximum."""

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.discounts.allowance import AllowanceRecord, AllowanceUse
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.unit.discounts.allowances.visits import FEE, JULY, Visits, guest
from tests.unit.guest_upsert.winery import TENANT

JUNE = "2026-06-20T14:00"
MAX_FREE, MAX_CODES = 4, 3

RESERVATIONS = st.sampled_from(["r-1", "r-2", "r-3", "r-4", "r-5"])
GUESTS = st.integers(0, 1)
ENDS = st.sampled_from(["cancelled", "no_show", "completed"])
MONTHS = st.sampled_from([JUNE, JULY])


class ReservationsComeAndGo(RuleBasedStateMachine):
    """Two guests, five reservations: booked, handed on, moved, cancelled, missed, repeated, in any order."""

    @initialize()
    def open(self) -> None:
        self.visits = Visits()
        self.sequence = 0
        self.guests = dict.fromkeys(("r-1", "r-2", "r-3", "r-4", "r-5"), 0)

    def teardown(self) -> None:
        run_in(None)

    @rule(reservation=RESERVATIONS, number=GUESTS, free=st.integers(0, 5), month=MONTHS)
    def book(self, reservation: str, number: int, free: int, month: str) -> None:
        self.guests[reservation] = number
        self._twice(reservation, free=free, party=max(1, free), starts_at=month)

    @rule(reservation=RESERVATIONS, number=GUESTS)
    def book_with_code(self, reservation: str, number: int) -> None:
        self.guests[reservation] = number
        lines = [{"rule": "half", "guests": 2, "amount": FEE}]
        money = {"discounts": lines, "total": FEE, "paid": FEE}
        self._twice(reservation, promo_code="half", **money)

    @rule(reservation=RESERVATIONS, state=ENDS, free=st.integers(0, 3))
    def end(self, reservation: str, state: str, free: int) -> None:
        self._twice(reservation, free=free, party=3, state=state)

    @invariant()
    def every_sum_is_what_reservations_hold(self) -> None:
        held = Counter[object]()
        for record in self._reservations():
            for use in record.allowances.uses:
                held[use.name] += use.amount
        sums = {each.name: each.used for each in self._sums() if each.used}
        assert sums == dict(held)

    @invariant()
    def no_member_has_more_than_the_maximum(self) -> None:
        used = Counter[tuple[str, str]]()
        for record in self._reservations():
            for use in record.allowances.uses:
                used[_whose(record, use)] += use.amount
        assert all(
            amount <= (MAX_CODES if subject == "half" else MAX_FREE) for (_, subject), amount in used.items()
        )

    @invariant()
    def nothing_cancelled_in_time_holds_anything(self) -> None:
        for record in self._reservations():
            if record.snapshot.state == "cancelled":
                assert all(use.consumed for use in record.allowances.uses)

    def _twice(self, reservation: str, **changes: Any) -> None:
        """The engine sends a snapshot, and the same one again: that changes nothing."""
        self.sequence += 1
        changes |= {"sequence": self.sequence, "guest": guest(self.guests[reservation])}
        first = self.visits.book(reservation, **changes)
        writes = self.visits.ledger.write_count
        again = self.visits.book(reservation, **changes)
        assert self.visits.ledger.write_count == writes
        assert again.body["allowances"] == first.body["allowances"]

    def _reservations(self) -> list[ReservationRecord]:
        return self.visits.ledger.list_records(ReservationRecord, tenant_partition(TENANT), "RES#").items

    def _sums(self) -> list[AllowanceRecord]:
        partition = tenant_partition(TENANT)
        return self.visits.ledger.list_records(AllowanceRecord, partition, "ALLOWANCE#").items


def _whose(record: ReservationRecord, use: AllowanceUse) -> tuple[str, str]:
    """The person behind either of their names, or everybody."""
    person = "everybody" if use.kind == "code" else str(record.snapshot.guest.email)
    return f"{person} {use.period}", use.subject


ReservationsComeAndGo.TestCase.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)
TestReservationsComeAndGo = ReservationsComeAndGo.TestCase
