"""A winery behind its functions, with something in its books."""

from collections.abc import Iterator

import pytest

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.tenants.event import EventRecord
from functions.order_sync import app
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT, call
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on
from tests.unit.order_sync.given import EVENT, SETTINGS, SKUS, reservation
from tests.unit.reconciliation.asking import JUNE, drain


@pytest.fixture
def outside() -> Iterator[FakeOutside]:
    """A winery with one order synced, one reservation waiting to be paid, and a stranger's order."""
    world = FakeOutside()
    world.crm.crm = InMemoryCrm(skus=SKUS, now=world.clock.now)
    take_on(world.settings, decided=SETTINGS)
    world.settings.save(EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT))
    run_in(world)
    for number, changes in ((7, {}), (8, {"paid": 0})):
        body = {"number": number, **changes}
        world.ledger.save(reservation(f"r-{number}", tenant_id=TENANT, snapshot=body))
    call(app.lambda_handler, "POST /v1/order-syncs", body=JUNE)
    drain()
    world.clock.advance(seconds=600)
    yield world
    run_in(None)
