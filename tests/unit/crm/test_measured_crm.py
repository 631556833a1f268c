"""A probe's findings stand with the tenant: its gateway and its timers go by them at once."""

from datetime import UTC, datetime

import pytest

from cellarhand.adapters.crm.gateways import Gateways
from cellarhand.bootstrap import tenants
from cellarhand.config import Config
from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.audit_entry import AuditEntry
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.use_cases.tenants.read_tenant import tenant_record
from tests.fakes.http import TENANT
from tests.fakes.outside import TIMERS, FakeCrmLogins, FakeOutside, FakePartnerKeys

OPERATOR = Caller(key_id="operator", role=Role.SUPPORT, tenant_id=None)
SITE = {"VINSUITE_SANDBOX_URL": "http://127.0.0.1:1/2.00/"}
FOUND = MeasuredCrm(
    measured_in="sandbox",
    measured_at=datetime(2026, 6, 1, tzinfo=UTC),
    refuses_repeated_order_numbers=True,
    late_execution_seconds=1_800,
)


def test_findings_are_kept_with_the_tenant_and_audited(outside: FakeOutside):
    tenants.record_crm_measurements()(OPERATOR, TENANT, FOUND)
    tenant = tenant_record(outside.settings, TENANT)
    assert tenant.measured == FOUND
    assert tenant.timers(TIMERS) == TIMERS._replace(late_execution=1_800)
    entries = outside.audit.list_records(AuditEntry, tenant_partition(TENANT), "AUD#").items
    assert [(e.what, e.key_id, e.ids) for e in entries] == [
        ("crm_measured", "operator", {"environment": "sandbox"})
    ]


def test_an_unknown_tenant_has_no_crm_to_measure(outside: FakeOutside):
    with pytest.raises(NotFoundError):
        tenants.record_crm_measurements()(OPERATOR, "nobody", FOUND)


def test_new_findings_make_a_new_gateway(outside: FakeOutside):
    tenant = tenant_record(outside.settings, TENANT)
    logins = FakeCrmLogins()
    logins.write(TENANT, "user", "password")
    gateways = Gateways(logins, FakePartnerKeys(sandbox="ours"), Config(SITE))
    assert not gateways.of(tenant).capabilities().refuses_repeated_order_numbers
    measured = tenant.model_copy(update={"measured": FOUND})
    assert gateways.of(measured).capabilities().refuses_repeated_order_numbers
