"""What `CrmLogins` promises, on Secrets Manager in this process."""

from collections.abc import Iterator

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.secrets import LOGIN_KEPT_SECONDS, SecretsManagerLogins
from cellarhand.domain.errors import SettingsIncompleteError
from tests.fakes.aws import aws_in_process
from tests.fakes.time import FakeClock

EVENT = "before-call.secrets-manager.CreateSecret"


@pytest.fixture(autouse=True)
def _vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with aws_in_process(monkeypatch):
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def logins(clock: FakeClock) -> SecretsManagerLogins:
    return SecretsManagerLogins("cellarhand/crm/", clock)


def of_another_process(clock: FakeClock) -> SecretsManagerLogins:
    return SecretsManagerLogins("cellarhand/crm/", clock)


def password(logins: SecretsManagerLogins, *, fresh: bool = False) -> str | None:
    login = logins.read("demo", fresh=fresh)
    return login and login.password


def test_a_tenant_without_a_login_has_none(logins: SecretsManagerLogins):
    assert logins.read("demo") is None


def test_a_login_is_read_back_and_is_its_tenants_alone(logins: SecretsManagerLogins):
    logins.write("demo", "winery@example.com", "first")
    login = logins.read("demo")
    assert login is not None
    assert (login.username, login.password) == ("winery@example.com", "first")
    assert logins.read("other") is None


def test_a_new_login_has_a_new_version_and_counts_at_once_where_it_was_written(logins: SecretsManagerLogins):
    logins.write("demo", "winery@example.com", "first")
    before = logins.read("demo")
    logins.write("demo", "winery@example.com", "second")
    after = logins.read("demo")
    assert before is not None
    assert after is not None
    assert after.password == "second"
    assert before.version != after.version


def test_two_first_logins_at_one_moment_are_both_taken_and_the_last_counts(
    logins: SecretsManagerLogins, clock: FakeClock
):
    def another_was_first(**_: object) -> None:
        aws.secrets_manager().meta.events.unregister(EVENT, another_was_first)
        of_another_process(clock).write("demo", "winery@example.com", "first")

    aws.secrets_manager().meta.events.register(EVENT, another_was_first)
    logins.write("demo", "winery@example.com", "second")
    assert password(logins) == "second"


def test_elsewhere_a_rotation_is_seen_after_five_minutes_or_by_looking_past_the_cache(
    logins: SecretsManagerLogins, clock: FakeClock
):
    logins.write("demo", "winery@example.com", "first")
    assert password(logins) == "first"
    of_another_process(clock).write("demo", "winery@example.com", "second")
    assert password(logins) == "first"
    clock.advance(seconds=LOGIN_KEPT_SECONDS)
    assert password(logins) == "second"
    of_another_process(clock).write("demo", "winery@example.com", "third")
    assert password(logins, fresh=True) == "third"
    assert password(logins) == "third"


@pytest.mark.parametrize("rubbish", ["secret but no JSON", '{"username": "u"}', '["secret"]'])
def test_an_unreadable_secret_says_so_without_showing_it(logins: SecretsManagerLogins, rubbish: str):
    aws.secrets_manager().create_secret(Name="cellarhand/crm/demo", SecretString=rubbish)
    with pytest.raises(SettingsIncompleteError) as raised:
        logins.read("demo")
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_neither_password_nor_user_name_shows_in_a_representation(logins: SecretsManagerLogins):
    logins.write("demo", "winery@example.com", "hunter-22")
    shown = repr([logins.read("demo"), logins])
    assert "hunter-22" not in shown
    assert "winery" not in shown
