"""The breaker: five failures within a minute open it, one caller at a time tries, success closes it."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from cellarhand.domain.customers.customer import CustomerData
from cellarhand.domain.errors import (
    CrmBreakerOpenError,
    CrmLoginRefusedError,
    CrmRefusedError,
    CrmUnavailableError,
)
from cellarhand.domain.reliability.circuit_breaker import BreakerRecord, Phase
from cellarhand.ports.crm import Outcome
from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT
from tests.fakes.tenants import take_on
from tests.unit.crm.sick_crm import CountedReads, World, ask, expect

GUEST = CustomerData(email="anna@example.com", last_name="Berg")


@pytest.fixture
def world() -> World:
    return World()


def test_while_all_is_well_nothing_is_written_and_the_state_is_read_once_a_second(world: World):
    crm, reads = world.process(), CountedReads(world)
    for _ in range(10):
        ask(crm)
    assert reads.count == 1
    world.outside.clock.advance(seconds=1)
    ask(crm)
    assert reads.count == 2
    assert world.outside.ledger.writes == []


def test_five_failures_in_five_processes_open_it_for_all(world: World):
    world.break_down()
    with pytest.raises(CrmBreakerOpenError) as raised:
        ask(world.process())
    assert world.crm.calls == []
    assert raised.value.retry_at is not None
    assert (raised.value.retry_at - world.outside.clock.now()).total_seconds() == 30


def test_four_failures_or_five_in_more_than_a_minute_do_not(world: World):
    world.crm.always("*", Step.UNAVAILABLE)
    for _ in range(5):
        with pytest.raises(CrmUnavailableError):
            ask(world.process())
        world.outside.clock.advance(seconds=16)
    expect(world, Phase.CLOSED)


def test_a_busy_crm_that_fails_now_and_then_is_not_taken_for_away(world: World):
    crm = world.process()
    for _ in range(50):
        world.crm.script("find_customers", *[Step.NORMAL] * 5, *[Step.UNAVAILABLE] * 2)
        for _ in range(7):
            with suppress(CrmUnavailableError):
                ask(crm)
    expect(world, Phase.CLOSED)


def test_a_busy_crm_that_goes_away_is_left_alone_within_ten_calls(world: World):
    crm = world.process()
    for _ in range(20):
        ask(crm)
    world.crm.calls.clear()
    world.crm.always("*", Step.UNAVAILABLE)
    for _ in range(20):
        with suppress(CrmUnavailableError):
            ask(crm)
    assert len(world.crm.calls) <= 10


def test_while_open_a_write_is_not_done_and_not_sent(world: World):
    world.break_down()
    result = world.process().upsert_customer(GUEST, timeout=1)
    assert (result.outcome, result.login_refused) == (Outcome.NOT_DONE, False)
    assert world.crm.calls == []


def test_a_write_never_is_the_call_that_tries_again(world: World):
    world.break_down()
    world.outside.clock.advance(seconds=30)
    assert world.process().upsert_customer(GUEST, timeout=1).outcome is Outcome.NOT_DONE
    assert world.crm.calls == []


def test_a_read_that_succeeds_after_the_pause_closes_it(world: World):
    world.break_down()
    world.crm.always("*", Step.NORMAL)
    world.outside.clock.advance(seconds=30)
    ask(world.process())
    expect(world, Phase.CLOSED)
    assert world.process().upsert_customer(GUEST, timeout=1).outcome is Outcome.DONE


def test_a_no_of_the_crm_is_an_answer_too(world: World):
    world.break_down()
    world.crm.always("*", Step.REFUSED)
    world.outside.clock.advance(seconds=30)
    with pytest.raises(CrmRefusedError):
        ask(world.process())
    expect(world, Phase.CLOSED)


def test_a_failed_try_keeps_it_open_for_another_pause(world: World):
    world.break_down()
    world.outside.clock.advance(seconds=30)
    with pytest.raises(CrmUnavailableError):
        ask(world.process())
    world.outside.clock.advance(seconds=29)
    expect(world, Phase.OPEN)
    world.outside.clock.advance(seconds=1)
    expect(world, Phase.TRIABLE)


def test_only_one_of_many_tries_at_a_time(world: World):
    world.break_down()
    world.outside.clock.advance(seconds=30)
    others = [world.process() for _ in range(20)]
    refused: list[str] = []

    def everybody_else_asks(method: str) -> None:
        for other in others:
            with pytest.raises(CrmBreakerOpenError):
                ask(other)
            refused.append(method)

    probing = InMemoryCrm(before_call=_once(everybody_else_asks))
    world.outside.crm.by_tenant[TENANT] = probing
    ask(world.process())
    assert (len(refused), len(probing.calls)) == (20, 1)


def test_two_that_claim_the_try_at_the_same_moment_are_told_apart_by_the_store(world: World):
    world.break_down()
    world.outside.clock.advance(seconds=30)

    rivals: list[bool] = []

    class OvertakenOnce(type(world.outside.ledger)):  # type: ignore[misc]
        def save(self, record: BreakerRecord) -> BreakerRecord:
            if not rivals:
                rivals.append(CircuitBreakers(world.outside.ledger, world.outside.clock).admit(TENANT))
            return super().save(record)

    ledger = OvertakenOnce(world.outside.clock)
    ledger._stored = world.outside.ledger._stored
    with pytest.raises(CrmBreakerOpenError):
        CircuitBreakers(ledger, world.outside.clock).admit(TENANT)
    assert rivals == [True]


def test_a_login_that_works_again_is_used_by_the_very_next_call_of_whom_it_was_refused(world: World):
    world.break_down(Step.LOGIN_REFUSED)
    crm = world.process()
    for asked in (ask, lambda crm: crm.upsert_customer(GUEST, timeout=1)):
        with suppress(CrmLoginRefusedError):
            asked(crm)
    assert world.crm.calls == []
    world.crm.always("*", Step.NORMAL)
    CircuitBreakers(world.outside.ledger, world.outside.clock).close(TENANT)
    assert crm.upsert_customer(GUEST, timeout=1).outcome is Outcome.DONE
    ask(crm)


def test_a_try_whose_process_died_is_given_up(world: World):
    world.break_down()
    world.outside.clock.advance(seconds=30)
    assert CircuitBreakers(world.outside.ledger, world.outside.clock).admit(TENANT)
    expect(world, Phase.OPEN)
    world.outside.clock.advance(seconds=30)
    expect(world, Phase.TRIABLE)


def test_stragglers_do_not_prolong_the_pause(world: World):
    world.break_down()
    world.outside.clock.advance(seconds=20)
    breakers = CircuitBreakers(world.outside.ledger, world.outside.clock)
    breakers.record_failure(TENANT, probe=False, login_refused=False)
    world.outside.clock.advance(seconds=10)
    expect(world, Phase.TRIABLE)


def test_another_winery_is_left_alone(world: World):
    world.break_down()
    neighbour = take_on(world.outside.settings, "birch-hill")
    ask(world.process(neighbour))


def test_a_refused_login_is_told_as_such_while_the_breaker_is_open(world: World):
    world.break_down(Step.LOGIN_REFUSED)
    with pytest.raises(CrmLoginRefusedError):
        ask(world.process())
    assert world.process().upsert_customer(GUEST, timeout=1).login_refused
    assert world.crm.calls == []


def test_a_refused_login_is_fetched_anew_for_it_may_just_have_been_changed(world: World):
    crm = world.process()
    ask(crm)
    assert world.outside.logins.fresh == []
    world.crm.script("find_customers", Step.LOGIN_REFUSED)
    with pytest.raises(CrmLoginRefusedError):
        ask(crm)
    assert world.outside.logins.fresh == [TENANT]


@pytest.mark.parametrize("step", [Step.NOT_DONE, Step.UNKNOWN_EXECUTED, Step.LATE])
def test_writes_without_a_clear_end_count_as_failures(world: World, step: Step):
    world.crm.always("*", step)
    for _ in range(5):
        world.process().upsert_customer(GUEST, timeout=1)
    expect(world, Phase.OPEN)


def test_a_refused_write_is_no_failure_of_the_crm(world: World):
    world.crm.always("*", Step.REFUSED)
    for _ in range(10):
        world.process().upsert_customer(GUEST, timeout=1)
    expect(world, Phase.CLOSED)


def test_without_any_time_left_the_crm_is_not_asked_and_not_blamed(world: World):
    for _ in range(10):
        with pytest.raises(CrmUnavailableError):
            world.process().find_customers(email="anna@example.com", timeout=0)
    assert world.crm.calls == []
    expect(world, Phase.CLOSED)


def _once(act: Callable[[str], None]) -> Callable[[str], None]:
    done: list[str] = []

    def first_time(method: str) -> None:
        if not done:
            done.append(method)
            act(method)

    return first_time
