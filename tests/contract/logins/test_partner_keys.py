"""What `PartnerKeys` promises, on Secrets Manager in this process."""

from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from cellarhand.adapters import aws
from cellarhand.adapters.partner_keys import PARTNER_KEYS_KEPT_SECONDS, SecretsManagerPartnerKeys
from cellarhand.domain.errors import CrmNotConfiguredError, StorageUnavailableError
from cellarhand.domain.tenants.tenant import CrmEnvironment
from tests.fakes.aws import aws_in_process
from tests.fakes.time import FakeClock

NAME = "cellarhand/partner-keys"
SANDBOX = CrmEnvironment.SANDBOX


@pytest.fixture(autouse=True)
def _vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with aws_in_process(monkeypatch):
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def partner_keys(clock: FakeClock) -> SecretsManagerPartnerKeys:
    return SecretsManagerPartnerKeys(NAME, clock)


def filled(secret: str) -> None:
    """As the stack makes it, empty, and as operators then fill it."""
    aws.secrets_manager().create_secret(Name=NAME)
    aws.secrets_manager().put_secret_value(SecretId=NAME, SecretString=secret)


def asked() -> list[str]:
    """What is asked of the vault from now on."""
    calls: list[str] = []
    events = aws.secrets_manager().meta.events
    events.register("before-call.secrets-manager", lambda model, **_: calls.append(model.name))
    return calls


def test_each_installation_has_its_own_key(partner_keys: SecretsManagerPartnerKeys):
    filled('{"production": "ours there", "sandbox": "ours here"}')
    assert partner_keys.of(CrmEnvironment.PRODUCTION) == "ours there"
    assert partner_keys.of(SANDBOX) == "ours here"


def test_nothing_is_asked_before_the_first_key_is_needed_and_all_are_read_at_once(clock: FakeClock):
    filled('{"production": "ours there", "sandbox": "ours here"}')
    calls = asked()
    partner_keys = SecretsManagerPartnerKeys(NAME, clock)
    assert calls == []
    for environment in (SANDBOX, CrmEnvironment.PRODUCTION, SANDBOX):
        partner_keys.of(environment)
    assert calls == ["GetSecretValue"]


def test_a_changed_key_is_used_after_five_minutes(partner_keys: SecretsManagerPartnerKeys, clock: FakeClock):
    filled('{"sandbox": "old"}')
    assert partner_keys.of(SANDBOX) == "old"
    aws.secrets_manager().put_secret_value(SecretId=NAME, SecretString='{"sandbox": "new"}')
    assert partner_keys.of(SANDBOX) == "old"
    clock.advance(seconds=PARTNER_KEYS_KEPT_SECONDS)
    assert partner_keys.of(SANDBOX) == "new"


@pytest.mark.parametrize(
    "secret",
    ["ours but no JSON", '["ours"]', "{}", '{"uat": "ours"}', '{"sandbox": ""}', '{"sandbox": ["ours"]}'],
)
def test_a_secret_without_the_key_is_for_operators_to_fill_and_is_not_shown(
    partner_keys: SecretsManagerPartnerKeys, secret: str
):
    filled(secret)
    with pytest.raises(CrmNotConfiguredError, match="Operators must fill the secret") as raised:
        partner_keys.of(SANDBOX)
    assert raised.value.actor == "operators"
    assert "ours" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_secret_that_nobody_has_filled_yet_is_used_as_soon_as_it_is(
    partner_keys: SecretsManagerPartnerKeys,
):
    aws.secrets_manager().create_secret(Name=NAME)
    with pytest.raises(CrmNotConfiguredError, match="ResourceNotFoundException"):
        partner_keys.of(SANDBOX)
    aws.secrets_manager().put_secret_value(SecretId=NAME, SecretString='{"sandbox": "ours"}')
    assert partner_keys.of(SANDBOX) == "ours"


@pytest.mark.parametrize("code", ["AccessDeniedException", "DecryptionFailure", "InvalidRequestException"])
def test_a_secret_that_may_not_be_read_says_why(partner_keys: SecretsManagerPartnerKeys, code: str):
    with Stubber(aws.secrets_manager()) as answers:
        answers.add_client_error("get_secret_value", code, http_status_code=400)
        with pytest.raises(CrmNotConfiguredError, match=code):
            partner_keys.of(SANDBOX)


def test_a_vault_that_is_ill_is_nobodys_to_mend(partner_keys: SecretsManagerPartnerKeys):
    with Stubber(aws.secrets_manager()) as answers:
        answers.add_client_error("get_secret_value", "InternalServiceError", http_status_code=500)
        with pytest.raises(StorageUnavailableError):
            partner_keys.of(SANDBOX)


def test_the_keys_show_in_no_representation(partner_keys: SecretsManagerPartnerKeys):
    filled('{"sandbox": "ours"}')
    partner_keys.of(SANDBOX)
    assert "ours" not in repr(partner_keys)
