"""Configuration and wiring: read late, made once, told clearly when something is missing."""

import pytest

from cellarhand.adapters.crm.gateways import Gateways, VinSuiteSite
from cellarhand.adapters.system import SystemClock, SystemTokens
from cellarhand.bootstrap import customers, discount_schema, discounts
from cellarhand.bootstrap.aws import Aws
from cellarhand.bootstrap.outside import run_in
from cellarhand.config import Config, MissingVariableError
from cellarhand.domain.errors import CrmNotConfiguredError, SettingsIncompleteError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider
from cellarhand.ports.records import Records
from cellarhand.use_cases.discounts import compiled_schemas
from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeCrmLogins, FakeOutside, FakePartnerKeys
from tests.fakes.records import InMemoryRecords
from tests.fakes.tenants import take_on
from tests.fakes.time import FakeClock

UAT = {"VINSUITE_UAT_URL": "https://uat.example.com/"}
SITE = {"VINSUITE_SANDBOX_URL": "http://127.0.0.1:1/2.00/"}


def test_a_missing_variable_is_named_when_it_is_asked_for():
    config = Config({})
    with pytest.raises(MissingVariableError, match="LEDGER_TABLE"):
        _ = config.ledger_table


def test_timers_and_addresses_are_read_from_the_environment():
    names = ("SENDING_TIMEOUT", "LATE_EXECUTION", "READ_LAG", "CLOCK_SKEW", "CRM_WRITE_TIMEOUT")
    config = Config({**SITE, **{f"{name}_SECONDS": str(n) for n, name in enumerate(names)}})
    assert config.timers == Timers(0, 1, 2, 3, 4)
    assert config.vinsuite_url(CrmEnvironment.SANDBOX) == SITE["VINSUITE_SANDBOX_URL"]


def test_aws_makes_each_port_once_and_no_client_before_the_first_request():
    tables = {f"{name}_TABLE": name.lower() for name in ("SETTINGS", "LEDGER", "ACCESS", "AUDIT")}
    aws = Aws(Config({**tables, "PARTNER_KEYS_SECRET": "partner-keys"}))
    assert aws.ledger is aws.ledger
    assert aws.ledger is not aws.settings
    assert isinstance(aws.crm, Gateways)


def test_a_use_case_is_kept_until_another_world_is_given():
    run_in(FakeOutside())
    first = customers.look_up_customer()
    assert customers.look_up_customer() is first
    run_in(FakeOutside())
    assert customers.look_up_customer() is not first
    run_in(None)


def test_compiled_schemas_are_kept_once_for_each_process(monkeypatch: pytest.MonkeyPatch):
    made: list[CompiledSchemas] = []

    class CountedSchemas(CompiledSchemas):
        def __init__(self, settings: Records) -> None:
            super().__init__(settings)
            made.append(self)

    monkeypatch.setattr(compiled_schemas, "CompiledSchemas", CountedSchemas)
    run_in(FakeOutside())
    discounts.evaluate_discounts()
    discounts.claim_allowances()
    discount_schema.effective_policy()
    run_in(None)
    assert len(made) == 1


def test_a_gateway_is_kept_until_the_login_our_key_or_the_environment_changes():
    tenant = take_on(InMemoryRecords(FakeClock()))
    logins, partner_keys = FakeCrmLogins(), FakePartnerKeys(sandbox="ours", uat="ours")
    gateways = Gateways(logins, partner_keys, Config({**SITE, **UAT}))
    logins.write(TENANT, "user", "old")
    first = gateways.of(tenant)
    assert gateways.of(tenant) is first
    logins.write(TENANT, "user", "new")
    second = gateways.of(tenant)
    assert second is not first
    partner_keys.keys["sandbox"] = "our new one"
    third = gateways.of(tenant)
    assert third is not second
    assert gateways.of(tenant.model_copy(update={"crm_environment": CrmEnvironment.UAT})) is not third


def test_a_site_never_shows_our_key():
    assert "ours" not in repr(VinSuiteSite(SITE["VINSUITE_SANDBOX_URL"], "ours"))


@pytest.mark.parametrize("provider", Provider)
def test_a_winery_without_crm_or_login_is_told_which_setting_is_missing(provider: Provider):
    tenant = take_on(InMemoryRecords(FakeClock())).model_copy(update={"provider": provider})
    with pytest.raises(SettingsIncompleteError):
        Gateways(FakeCrmLogins(), FakePartnerKeys(sandbox="ours"), Config(SITE)).of(tenant)


@pytest.mark.parametrize(
    ("partner_keys", "site"), [(FakePartnerKeys(), SITE), (FakePartnerKeys(sandbox="ours"), UAT)]
)
def test_an_environment_without_address_or_key_of_ours_is_a_crm_that_operators_must_configure(
    partner_keys: FakePartnerKeys, site: dict[str, str]
):
    tenant = take_on(InMemoryRecords(FakeClock()))
    logins = FakeCrmLogins()
    logins.write(TENANT, "user", "password")
    with pytest.raises(CrmNotConfiguredError, match="sandbox installation") as raised:
        Gateways(logins, partner_keys, Config(site)).of(tenant)
    assert raised.value.actor == "operators"


def test_tokens_are_long_enough_and_never_the_same():
    tokens = [SystemTokens().token(256) for _ in range(100)]
    assert len(set(tokens)) == 100
    assert {len(token) for token in tokens} == {64}
    assert all(0 <= SystemTokens().jitter() < 1 for _ in range(100))


def test_the_systems_time_is_utc():
    now = SystemClock().now()
    assert now.utcoffset() is not None
    assert not now.utcoffset()
