"""How many calls a second leave for the CRM, whoever holds the lease and however it ends."""

from collections import deque
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.domain.reliability.lease import ORDER_SYNC, Lease, lease_key
from cellarhand.domain.reliability.token_bucket import CallRate, TokenBucket
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.tenants.settings import CrmAllowance
from cellarhand.use_cases.crm.rate_limited_calls import Permit, RateLimitedCalls
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from tests.fakes.crm import InMemoryCrm
from tests.fakes.time import FakeClock
from tests.fakes.workers import OneByOne
from tests.unit.order_sync.given import NOW, SKUS, TENANT, reservation
from tests.unit.order_sync.runner import TimeLeft, Winery

LIFE = timedelta(seconds=75)
ROUNDING = 1e-3


def assert_kept(left: list[datetime], pace: CallRate) -> None:
    """No span of time, from any call to any later one, saw more calls than the pace allows."""
    for first, begin in enumerate(left):
        for last in range(first, len(left)):
            span = (left[last] - begin).total_seconds()
            assert last - first + 1 <= pace.burst + pace.per_second * span + ROUNDING


class Holder:
    """One holder of the lease, whose calls are prepared, and leave later, in any order of events."""

    def __init__(self, clock: FakeClock, lease: Lease, pace: CallRate) -> None:
        self.lease = lease.with_holder(clock.now(), LIFE)
        self.calls = RateLimitedCalls(self.lease, pace, 16, TimeLeft(1e9), clock, OneByOne(clock))
        self._clock = clock
        self._most = pace.burst - 1
        self._open = ExitStack()
        self._ahead: deque[Permit] = deque()

    def act(self, deed: str, left: list[datetime]) -> None:
        if deed == "prepare":
            if len(self._ahead) <= self._most:
                self._ahead.append(self._open.enter_context(self.calls.permit(1)))
        elif self._ahead:
            with self._ahead.popleft().use():
                left.append(self._clock.now())

    def end(self, *, killed: bool) -> Lease:
        """Killed, the lease is as it was taken; let go, nothing that was prepared is forgotten."""
        if killed:
            self._clock.advance(seconds=LIFE.total_seconds())
            return self.lease
        self._open.close()
        return self.lease.without_holder(self.calls.bucket)


DEEDS = st.tuples(st.sampled_from(["prepare", "prepare", "send"]), st.floats(0, 0.7))
HOLDERS = st.lists(st.tuples(st.lists(DEEDS, max_size=25), st.booleans()), max_size=5)


@given(
    holders=HOLDERS,
    per_second=st.floats(0.2, 20),
    burst=st.floats(1, 4),
    rests=st.floats(0, 3),
)
def test_in_any_span_of_time_no_more_calls_leave_than_the_pace_allows(
    holders: list[tuple[list[tuple[str, float]], bool]], per_second: float, burst: float, rests: float
):
    clock, lease, left = FakeClock(), Lease(tenant_id=TENANT, name=ORDER_SYNC), list[datetime]()
    pace = CallRate(per_second, burst)
    for deeds, killed in holders:
        holder = Holder(clock, lease, pace)
        for deed, pause in deeds:
            holder.act(deed, left)
            clock.advance(seconds=pause)
        lease = holder.end(killed=killed)
        clock.advance(seconds=rests)
    assert_kept(left, pace)


@given(gaps=st.lists(st.floats(0, 3), min_size=1, max_size=60), per_second=st.floats(0.2, 20))
def test_calls_without_preparation_keep_to_the_smallest_bucket(gaps: list[float], per_second: float):
    clock, left = FakeClock(), list[datetime]()
    pace = CallRate(per_second, burst=1)
    calls = RateLimitedCalls(_lease(), pace, 1, TimeLeft(1e9), clock, OneByOne(clock))
    for gap in gaps:
        with calls.call(1):
            left.append(clock.now())
        clock.advance(seconds=gap)
    assert_kept(left, pace)


def test_what_is_prepared_takes_up_room_until_it_leaves():
    clock = FakeClock()
    calls = RateLimitedCalls(_lease(), CallRate(1, burst=2), 2, TimeLeft(1e9), clock, OneByOne(clock))
    with calls.permit(1) as first, calls.permit(1) as second:
        clock.advance(seconds=100)
        with first.use(), second.use():
            began = clock.now()
    with calls.call(1):
        assert (clock.now() - began).total_seconds() == pytest.approx(1, abs=0.01)


def test_a_call_that_is_not_made_is_put_back():
    clock = FakeClock()
    calls = RateLimitedCalls(_lease(), CallRate(1, burst=1), 2, TimeLeft(1e9), clock, OneByOne(clock))
    for _ in range(5):
        with calls.permit(1):
            pass
    assert clock.now() == FakeClock().now()


@pytest.mark.parametrize(
    ("lease", "calls"),
    [
        (Lease(tenant_id=TENANT, name=ORDER_SYNC), None),
        (Lease(tenant_id=TENANT, name=ORDER_SYNC, until=NOW), 0),
        (Lease(tenant_id=TENANT, name=ORDER_SYNC, bucket=TokenBucket(calls=3, as_of=NOW)), 3),
        (Lease(tenant_id=TENANT, name=ORDER_SYNC, until=NOW, bucket=TokenBucket(calls=3, as_of=NOW)), 0),
    ],
    ids=["never held", "never let go", "let go", "let go long ago, then never let go"],
)
def test_a_holder_goes_on_with_what_the_last_one_left(lease: Lease, calls: float | None):
    bucket = lease.with_holder(NOW, LIFE).bucket
    assert (bucket and bucket.calls) == calls


def test_a_clock_that_ran_ahead_holds_nobody_up_for_long():
    ahead = TokenBucket(calls=0, as_of=NOW + timedelta(hours=1))
    taken = Lease(tenant_id=TENANT, name=ORDER_SYNC, bucket=ahead).with_holder(NOW, LIFE)
    assert taken.bucket == TokenBucket(calls=0, as_of=NOW)


class Invocation(TimeLeft):
    """Ends when its time is over by the clock."""

    def __init__(self, clock: FakeClock, seconds: float) -> None:
        super().__init__(seconds)
        self._clock = clock
        self._began = clock.monotonic()

    def seconds_left(self) -> float:
        return self.seconds - (self._clock.monotonic() - self._began)


def paced(**allowance: float | None) -> tuple[Winery, list[tuple[str, datetime]]]:
    """A winery whose calls are noted with their instants."""
    noted: list[tuple[str, datetime]] = []
    crm = InMemoryCrm(skus=SKUS, before_call=lambda method: noted.append((method, winery.clock.now())))
    winery = Winery(crm=crm, crm_allowance=CrmAllowance.model_validate(allowance))
    return winery, noted


def test_a_run_keeps_to_its_tenant_s_pace_from_one_invocation_to_the_next():
    winery, noted = paced(orders_per_second=2)
    winery.keep_many(40)
    run = winery.start()
    invocations = 0
    while not winery.run(run).is_over:
        winery.drain(Invocation(winery.clock, 40))
        invocations += 1
    left = [at for _, at in noted]
    assert_kept(left, CallRate(2, burst=2))
    assert (left[-1] - left[0]).total_seconds() == pytest.approx((len(left) - 2) / 2, abs=0.1)
    assert invocations > 1
    assert len(winery.orders) == 40


def test_a_tenant_without_a_pace_never_waits():
    winery, noted = paced(orders_per_second=None)
    winery.keep_many(40)
    winery.sync()
    assert {at for _, at in noted} == {noted[0][1]}


def test_no_intent_waits_for_the_pace():
    winery, noted = paced(orders_per_second=1)
    ids = winery.keep_many(10)
    winery.sync()
    sent = [at for method, at in noted if method == "create_order"]
    history = [winery.order_of(id_).first_sent_at for id_ in ids]
    assert sent == history
    assert all(later > earlier for earlier, later in pairwise(sent[2:]))


def test_the_bucket_costs_no_write_of_its_own():
    winery, _ = paced()
    winery.keep_many(30)
    winery.sync()
    writes = winery.outside.ledger.writes
    assert writes.count(lease_key(TENANT, ORDER_SYNC)) == 2


def test_who_would_wait_past_the_deadline_sends_nothing_and_ends_the_round():
    winery, noted = paced(orders_per_second=0.1)
    ids = winery.keep_many(60)
    winery.start()
    lease = Lease(tenant_id=TENANT, name=ORDER_SYNC, bucket=TokenBucket(calls=1, as_of=winery.clock.now()))
    winery.ledger.save(lease)
    winery.drain(TimeLeft(winery.outside.timers.crm_write + 6))
    assert [method for method, _ in noted] == ["list_skus"]
    assert winery.states(ids) == {OrderState.PENDING}
    assert all(winery.order_of(id_).attempts == 0 for id_ in ids)


def test_a_wait_that_the_deadline_does_not_allow_is_told_before_it_begins():
    clock = FakeClock()
    calls = RateLimitedCalls(_lease(), CallRate(0.1, burst=1), 1, TimeLeft(20), clock, OneByOne(clock))
    with calls.call(15):
        pass
    with pytest.raises(OutOfTimeError), calls.call(15):
        raise AssertionError("it was called")
    assert clock.now() == FakeClock().now()


def test_an_order_that_is_refused_a_number_costs_no_call():
    winery, noted = paced(orders_per_second=1, orders=1)
    winery.keep(reservation("first", snapshot={"number": 5}), reservation("second", snapshot={"number": 5}))
    winery.sync()
    lease = winery.ledger.get(Lease, lease_key(TENANT, ORDER_SYNC))
    assert [method for method, _ in noted] == ["list_skus", "create_order"]
    assert lease is not None
    assert lease.bucket is not None
    assert lease.bucket.calls >= 0


def _lease() -> Lease:
    return Lease(tenant_id=TENANT, name=ORDER_SYNC)
