"""A tenant whose schedule can be set."""

from collections.abc import Iterator

import pytest

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from tests.fakes.outside import FakeOutside

TENANT = "oak-hill"


@pytest.fixture
def world() -> Iterator[FakeOutside]:
    """The outside world, with one tenant in California."""
    world = FakeOutside()
    world.settings.save(
        TenantRecord(
            tenant_id=TENANT,
            name="Oak Hill",
            timezone="America/Los_Angeles",
            currency="USD",
            provider=Provider.VINSUITE,
            crm_environment=CrmEnvironment.SANDBOX,
            hash_key="00",
            created_at=world.clock.now(),
        )
    )
    run_in(world)
    yield world
    run_in(None)
