"""A tenant whose CRM was found to be slower waits longer before anything is believed of a send."""

from datetime import UTC, datetime, timedelta

import pytest

from cellarhand.domain.customers.email_claim import CustomerClaim, customer_claim_key, email_hash
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import tenant_record
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import EMAIL, TENANT
from tests.unit.guest_upsert.winery import Winery as Guests
from tests.unit.order_sync.runner import Winery as Orders
from tests.unit.order_sync.runner import winery_with

LATE = timedelta(hours=1)


def measure(settings: Records, tenant_id: str) -> None:
    """A probe has found that the CRM may execute a call an hour later."""
    found = MeasuredCrm(
        measured_in="uat",
        measured_at=datetime(2026, 6, 1, tzinfo=UTC),
        late_execution_seconds=LATE.total_seconds(),
    )
    settings.save(tenant_record(settings, tenant_id).model_copy(update={"measured": found}))


@pytest.mark.parametrize("measured", [False, True])
def test_an_order_settles_by_what_was_measured(measured: bool):
    winery: Orders = winery_with(Step.LATE)
    record = winery.record()
    if measured:
        measure(winery.outside.settings, record.tenant_id)
    winery.start()
    winery.drain()
    intent = winery.order_of().intent
    assert intent is not None
    timers = winery.outside.timers
    usual = timedelta(seconds=timers.late_execution)
    assert intent.settle_until - intent.sent_at == timers.settle + (LATE - usual if measured else timedelta())


@pytest.mark.parametrize("measured", [False, True])
def test_a_guest_s_creation_settles_by_what_was_measured(measured: bool):
    winery = Guests()
    if measured:
        measure(winery.world.settings, TENANT)
    winery.crm.script("upsert_customer", Step.LATE)
    winery.put()
    hashed = email_hash("a-key-of-this-winery", EMAIL)
    claim = winery.ledger.get(CustomerClaim, customer_claim_key(TENANT, hashed))
    assert claim is not None
    assert claim.intent is not None
    settles = claim.intent.settle_until - claim.intent.sent_at
    timers = winery.world.timers
    usual = timedelta(seconds=timers.late_execution)
    assert settles == timers.settle + (LATE - usual if measured else timedelta())
