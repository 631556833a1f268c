"""A winery in memory, wired for the functions."""

from collections.abc import Iterator

import pytest

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.tenants.event import EventRecord
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on
from tests.unit.order_sync.given import EVENT, SETTINGS, SKUS


@pytest.fixture
def outside() -> Iterator[FakeOutside]:
    world = FakeOutside()
    world.crm.crm = InMemoryCrm(skus=SKUS, now=world.clock.now)
    take_on(world.settings, decided=SETTINGS)
    world.settings.save(EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT))
    run_in(world)
    yield world
    run_in(None)
