"""A winery's CRM that breaks down, and the many processes in front of it."""

import pytest

from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError
from cellarhand.domain.records import Key
from cellarhand.domain.reliability.circuit_breaker import BreakerRecord, Phase, breaker_key
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import CrmGateway
from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers
from cellarhand.use_cases.crm.guarded_gateway import GuardedGateways
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on


class World:
    """A tenant's CRM, and as many processes in front of it as are asked for."""

    def __init__(self) -> None:
        self.outside = FakeOutside()
        self.crm = InMemoryCrm()
        self.outside.crm.by_tenant[TENANT] = self.crm
        self.tenant = take_on(self.outside.settings)
        self.refusals: list[str] = []

    def process(self, tenant: TenantRecord | None = None) -> CrmGateway:
        """A gateway in a process that knows nothing yet."""
        breakers = CircuitBreakers(self.outside.ledger, self.outside.clock)
        return self.guarded(breakers).of(tenant or self.tenant)

    def guarded(self, breakers: CircuitBreakers) -> GuardedGateways:
        """Tells `refusals` of the tenants that were not let in."""
        return GuardedGateways(self.outside.crm, breakers, self.outside.logins, self.refusals.append)

    def break_down(self, step: Step = Step.UNAVAILABLE) -> None:
        """Let five calls fail, each in a process of its own."""
        self.crm.always("*", step)
        for _ in range(5):
            with pytest.raises((CrmUnavailableError, CrmLoginRefusedError)):
                ask(self.process())
        self.crm.calls.clear()


class CountedReads:
    """How often the ledger was read since."""

    def __init__(self, world: World) -> None:
        self.count = 0
        read = world.outside.ledger.get

        def counted(kind: type[BreakerRecord], key: Key) -> BreakerRecord | None:
            self.count += 1
            return read(kind, key)

        world.outside.ledger.get = counted  # type: ignore[method-assign, assignment]


def ask(crm: CrmGateway) -> None:
    """Any read."""
    crm.find_customers(email="anna@example.com", timeout=1)


def expect(world: World, phase: Phase) -> None:
    """The breaker, as the store has it, is in this phase."""
    state = world.outside.ledger.get(BreakerRecord, breaker_key(TENANT))
    now = world.outside.clock.now()
    assert (state or BreakerRecord(tenant_id=TENANT)).phase(now) is phase
