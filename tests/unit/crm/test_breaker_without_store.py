"""The breaker while the store that keeps it fails: the CRM is asked, and what it answers counts."""

import pytest

from cellarhand.domain.errors import CrmUnavailableError, StorageUnavailableError
from cellarhand.domain.records import Key
from cellarhand.domain.reliability.circuit_breaker import BreakerRecord, Phase
from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers
from tests.fakes.crm import Step
from tests.unit.crm.sick_crm import World, ask, expect


@pytest.fixture
def world() -> World:
    return World()


def test_a_failing_store_never_stands_between_a_guest_and_a_healthy_crm(world: World):
    class Down(type(world.outside.ledger)):  # type: ignore[misc]
        def get(self, kind: type, key: Key) -> None:
            raise StorageUnavailableError("down")

    breakers = CircuitBreakers(Down(world.outside.clock), world.outside.clock)
    crm = world.guarded(breakers).of(world.tenant)
    ask(crm)
    world.crm.script("find_customers", Step.UNAVAILABLE)
    with pytest.raises(CrmUnavailableError):
        ask(crm)
    assert len(world.crm.calls) == 2


def test_a_try_that_the_store_could_not_note_closes_it_all_the_same(world: World):
    class DownOnce(type(world.outside.ledger)):  # type: ignore[misc]
        is_down = True

        def save(self, record: BreakerRecord) -> BreakerRecord:
            if self.is_down:
                self.is_down = False
                raise StorageUnavailableError("down")
            return super().save(record)

    world.break_down(Step.LOGIN_REFUSED)
    world.crm.always("*", Step.NORMAL)
    world.outside.clock.advance(seconds=30)
    ledger = DownOnce(world.outside.clock)
    ledger._stored = world.outside.ledger._stored
    ask(world.guarded(CircuitBreakers(ledger, world.outside.clock)).of(world.tenant))
    expect(world, Phase.CLOSED)
