"""What a sick CRM and a dying process do to a run: never a second order, never a lost one."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Semaphore

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.reservation import OrderState
from cellarhand.domain.snapshot import Snapshot
from cellarhand.use_cases.send_order import SendOrder
from cellarhand.use_cases.sync_round import Round
from cellarhand.use_cases.winery_basis import WineryBasis
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.unit.order_sync.crashes import Killed, MortalLedger
from tests.unit.order_sync.given import SKUS, TENANT, order, reservation, snapshot
from tests.unit.order_sync.runner import STAFF, TimeLeft, Winery


def winery_with(*steps: Step, number: int | None = 7, crm: InMemoryCrm | None = None) -> Winery:
    """One reservation to be synced, and how the calls that create its order go."""
    winery = Winery(crm=crm)
    winery.keep(reservation(snapshot={"number": number}))
    winery.crm.script("create_order", *steps)
    return winery


def test_an_order_whose_reply_was_lost_is_found_after_it_settled():
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    run = winery.start()
    winery.drain()
    assert winery.order_of().state is OrderState.UNKNOWN
    assert winery.run(run).due == winery.clock.now() + winery.outside.timers.settle
    winery.drain_until_over(run)
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)
    assert winery.told(run).money == 8000


def test_nothing_is_read_back_before_it_settled():
    winery = winery_with(Step.LATE)
    winery.start()
    winery.drain()
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds() - 1)
    winery.drain()
    assert winery.crm.calls_of("find_orders") == []


def test_an_order_that_never_arrived_is_sent_again_under_its_number():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED, number=None)
    assert winery.sync().state == "done"
    first, second = winery.crm.calls_of("create_order")
    assert first.arguments["order"].order_number == second.arguments["order"].order_number
    assert len(winery.orders) == 1


def test_an_order_that_is_executed_late_is_found_and_not_sent_again():
    winery = winery_with(Step.LATE)
    run = winery.start()
    winery.drain()
    winery.clock.advance(seconds=600)
    winery.crm.release()
    winery.drain_until_over(run)
    assert (len(winery.orders), len(winery.crm.calls_of("create_order"))) == (1, 1)


def test_three_sends_that_were_never_found_wait_for_a_person():
    winery = winery_with(*[Step.UNKNOWN_NOT_EXECUTED] * 3)
    told = winery.sync()
    assert told.results == {"r-1": ("review", "never_found")}
    assert len(winery.crm.calls_of("create_order")) == 3


def test_a_person_s_choice_sends_it_again():
    winery = winery_with(*[Step.UNKNOWN_NOT_EXECUTED] * 3)
    winery.sync()
    winery.decisions().settle_review(STAFF, TENANT, "r-1", "send_again", None)
    winery.clock.advance(seconds=1)
    assert winery.sync().state == "done"
    assert len(winery.orders) == 1


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ([order(snapshot(party_size=1))], "foreign_order_found"),
        ([order(), order()], "duplicates_found"),
    ],
)
def test_what_else_stands_under_our_number_is_a_person_s_case(there: list[object], reason: str):
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED)
    run = winery.start()
    winery.drain()
    for one in there:
        winery.crm.put_order(one)  # type: ignore[arg-type]
    winery.drain_until_over(run)
    assert winery.told(run).results == {"r-1": ("review", reason)}
    assert len(winery.crm.calls_of("create_order")) == 1


def test_a_crm_that_cannot_be_searched_leaves_the_unknown_to_a_person():
    crm = InMemoryCrm(skus=SKUS, capabilities=ALL_CAPABILITIES._replace(finds_orders=False))
    winery = winery_with(Step.UNKNOWN_EXECUTED, crm=crm)
    assert winery.sync().results == {"r-1": ("review", "outcome_unknown")}
    assert len(winery.orders) == 1


def test_a_repeat_that_the_crm_refuses_is_read_back_and_not_rejected():
    capabilities = ALL_CAPABILITIES._replace(refuses_repeated_order_numbers=True)
    crm = InMemoryCrm(skus=SKUS, capabilities=capabilities)
    winery = winery_with(Step.LATE, crm=crm)
    run = winery.start()
    winery.drain()
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    crm.script("find_orders", Step.NORMAL)
    release_before_the_second_send(winery)
    winery.drain_until_over(run)
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)


def release_before_the_second_send(winery: Winery) -> None:
    """The first request is executed later than anybody promised, between the read and the second send."""
    create_order = winery.crm.create_order

    def released_first(*arguments: object, **options: object) -> object:
        winery.crm.release()
        return create_order(*arguments, **options)  # type: ignore[arg-type]

    winery.crm.create_order = released_first  # type: ignore[method-assign, assignment]


def test_a_refused_login_fails_the_run_and_leaves_the_rest_for_the_next():
    winery = Winery()
    ids = winery.keep_many(60)
    winery.crm.script("create_order", *[Step.NORMAL] * 10, Step.LOGIN_REFUSED)
    run = winery.start()
    winery.drain()
    assert (winery.run(run).state, winery.run(run).reason) == ("failed", "crm_login_refused")
    assert len(winery.orders) == winery.told(run).counts["synced"]
    assert len(winery.crm.calls_of("create_order")) < 15
    winery.clock.advance(seconds=60)
    assert winery.sync().state == "done"
    assert len(winery.orders) == 60
    assert winery.states(ids) == {OrderState.SYNCED}


def test_a_crm_that_is_away_is_left_in_peace_and_the_run_goes_on_later():
    winery = Winery()
    winery.keep_many(40)
    winery.crm.always("create_order", Step.UNAVAILABLE)
    run = winery.start()
    winery.drain()
    assert len(winery.crm.calls_of("create_order")) <= 8
    assert winery.run(run).due == winery.clock.now() + timedelta(seconds=10)
    winery.crm.always("create_order", Step.NORMAL)
    winery.drain_until_over(run)
    assert len(winery.orders) == 40


def test_pauses_grow_while_the_crm_stays_away():
    winery = winery_with()
    winery.crm.always("list_skus", Step.UNAVAILABLE)
    run = winery.start()
    pauses = []
    for _ in range(6):
        winery.drain()
        due = winery.run(run).due
        assert due is not None
        pauses.append((due - winery.clock.now()).total_seconds())
        winery.clock.advance(seconds=pauses[-1])
    assert pauses == [10, 30, 120, 600, 3600, 3600]
    assert winery.run(run).state == "queued"


def test_a_runner_hands_over_before_its_deadline():
    deadline = TimeLeft(60)
    crm = InMemoryCrm(skus=SKUS, before_call=lambda _: setattr(deadline, "seconds", deadline.seconds - 1))
    winery = Winery(crm=crm)
    winery.keep_many(100)
    run = winery.start()
    winery.drain(deadline)
    sent = len(winery.orders)
    assert 0 < sent < 100
    assert deadline.seconds >= winery.outside.timers.crm_write
    assert winery.outside.hints.left[-1].delay == 0
    assert winery.told(run).counts == {"synced": sent}
    while not winery.run(run).is_over:
        deadline.seconds = 60
        winery.drain(deadline)
    assert len(winery.orders) == 100
    assert winery.told(run).counts == {"synced": 100}


def test_nothing_is_sent_with_less_time_left_than_the_call_may_take():
    winery = winery_with()
    send = SendOrder(winery.ledger, winery.clock, winery.outside.metrics, winery.outside.timers)
    round_ = Round(
        run=winery.start(),
        winery=WineryBasis(winery.outside.settings, TENANT),
        crm=winery.crm,
        skus=SKUS,
        fence=1,
        deadline=TimeLeft(winery.outside.timers.crm_write + 1),
        allowance=Semaphore(1),
    )
    send(round_, winery.record())
    assert winery.crm.calls == []
    assert (winery.order_of().state, winery.order_of().reason) == (OrderState.PENDING, "not_done")


def test_what_an_earlier_run_sent_counts_for_the_run_that_finds_it():
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    winery.keep(reservation("r-2"))
    winery.crm.script("create_order", Step.LOGIN_REFUSED)
    first = winery.start()
    winery.drain()
    assert winery.told(first).counts == {"unknown": 1, "pending": 1}
    winery.clock.advance(seconds=1)
    told = winery.sync()
    assert (told.counts, told.money) == ({"synced": 2}, 16_000)


def test_an_order_whose_sender_died_is_shown_as_unknown():
    winery = winery_with()
    winery.start()
    intent = 3
    with suppress(Killed):
        winery.drain(ledger=MortalLedger(winery.ledger, intent, written=True))
    assert winery.order_of().state is OrderState.SENDING
    winery.clock.advance(seconds=winery.outside.timers.lease.total_seconds())
    winery.drain()
    assert winery.order_of().state is OrderState.UNKNOWN


def test_a_second_runner_finds_the_lease_taken():
    winery = winery_with()
    inner: list[int] = []

    def another_runner(method: str) -> None:
        if method == "create_order" and not inner:
            inner.append(1)
            winery.drain()

    winery.crm._before_call = another_runner
    winery.sync()
    assert (len(winery.orders), inner) == (1, [1])
    assert len(winery.crm.calls_of("list_skus")) == 1


def test_a_runner_whose_lease_ran_out_is_not_sent_after():
    winery = winery_with(number=None)
    life = winery.outside.timers.lease.total_seconds()
    inner: list[OrderState] = []

    def outlived(method: str) -> None:
        if method == "create_order" and not inner:
            winery.clock.advance(seconds=life + 1)
            inner.append(winery.order_of().state)
            winery.drain()

    winery.crm._before_call = outlived
    run = winery.start()
    winery.drain()
    winery.drain_until_over(run)
    assert inner == [OrderState.SENDING]
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)


def test_a_fenced_out_runner_writes_nothing_over_its_successor():
    winery = winery_with(Step.NORMAL, Step.NOT_DONE)
    inner: list[OrderState] = []

    def outlived_all_bounds(method: str) -> None:
        if method == "create_order" and not inner:
            inner.append(winery.order_of().state)
            winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
            winery.drain()
            inner.append(winery.order_of().state)

    winery.crm._before_call = outlived_all_bounds
    run = winery.start()
    winery.drain()
    assert inner == [OrderState.SENDING, OrderState.SYNCED]
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)
    assert winery.told(run).counts == {"synced": 1}


def test_a_snapshot_that_arrives_during_the_call_loses_no_outcome():
    winery = winery_with()
    newer: list[Snapshot] = []

    def checked_in(method: str) -> None:
        if method == "create_order":
            record = winery.record()
            newer.append(record.snapshot.model_copy(update={"sequence": 2}))
            winery.ledger.save(record.model_copy(update={"snapshot": newer[0]}))

    winery.crm._before_call = checked_in
    winery.sync()
    assert winery.order_of().state is OrderState.SYNCED
    assert winery.record().snapshot == newer[0]


def changed_while_unknown(change: Callable[[Winery], None]) -> Winery:
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED)
    run = winery.start()
    winery.drain()
    change(winery)
    winery.drain_until_over(run)
    return winery


def cancel(winery: Winery) -> None:
    record = winery.record()
    cancelled = record.snapshot.model_copy(update={"state": "cancelled", "sequence": 2})
    winery.ledger.save(record.model_copy(update={"snapshot": cancelled}))


def exclude(winery: Winery) -> None:
    winery.decisions().exclude(STAFF, TENANT, "r-1")


@pytest.mark.parametrize(("change", "reason"), [(cancel, "cancelled"), (exclude, "excluded_by_staff")])
def test_what_is_called_off_while_unknown_is_read_back_and_not_sent_again(
    change: Callable[[Winery], None], reason: str
):
    winery = changed_while_unknown(change)
    assert (winery.order_of().state, winery.order_of().reason) == (OrderState.NOT_ELIGIBLE, reason)
    assert len(winery.crm.calls_of("find_orders")) == 1
    assert winery.orders == []


def writes_of_one_run() -> int:
    winery = winery_with(number=None)
    winery.start()
    counting = MortalLedger(winery.ledger, at=-1, written=False)
    winery.drain(ledger=counting)
    return counting.writes


@pytest.mark.parametrize("written", [False, True], ids=["just before", "just after"])
@pytest.mark.parametrize("at", range(1, writes_of_one_run() + 1))
def test_a_process_may_die_at_any_write(at: int, written: bool):
    winery = winery_with(number=None)
    run = winery.start()
    with suppress(Killed):
        winery.drain(ledger=MortalLedger(winery.ledger, at, written=written))
    winery.clock.advance(seconds=winery.outside.timers.lease.total_seconds())
    if not winery.run(run).is_over:
        winery.drain_until_over(run)
    told = winery.told(run)
    assert len(winery.orders) == 1
    assert (told.state, told.counts, told.money) == ("done", {"synced": 1}, 8000)


STEPS = st.sampled_from(
    [
        Step.NORMAL,
        Step.NORMAL,
        Step.NOT_DONE,
        Step.UNKNOWN_EXECUTED,
        Step.UNKNOWN_NOT_EXECUTED,
        Step.LATE,
        Step.REFUSED,
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(STEPS, max_size=12),
    deaths=st.lists(st.tuples(st.integers(1, 25), st.booleans()), max_size=4),
)
def test_no_mixture_of_faults_and_deaths_doubles_or_loses_an_order(
    steps: list[Step], deaths: list[tuple[int, bool]]
):
    winery = Winery()
    ids = winery.keep_many(4)
    winery.crm.script("create_order", *steps)
    run = winery.start()
    for at, written in deaths:
        with suppress(Killed):
            winery.drain(ledger=MortalLedger(winery.ledger, at, written=written))
        winery.clock.advance(seconds=120)
        winery.crm.release()
    for _ in range(30):
        winery.drain()
        winery.clock.advance(seconds=300)
        winery.crm.release()
    told = winery.told(run)
    by_state = {id_: winery.order_of(id_).state for id_ in ids}
    synced = {id_ for id_, state in by_state.items() if state is OrderState.SYNCED}
    assert set(told.results) == set(ids)
    assert len(set(winery.numbers)) == len(winery.orders) == len(synced)
    assert set(by_state.values()) <= {OrderState.SYNCED, OrderState.REJECTED, OrderState.REVIEW}
    assert told.counts.get("synced", 0) == len(synced)
    assert told.money == 8000 * len(synced)
