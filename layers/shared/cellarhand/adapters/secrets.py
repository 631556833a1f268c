"""CRM logins in AWS Secrets Manager: one secret per tenant. Nothing of it is ever logged."""

import json

from cellarhand.adapters import aws
from cellarhand.domain.errors import SettingsIncompleteError
from cellarhand.ports.crm import CrmLogin
from cellarhand.ports.runtime import Clock

LOGIN_KEPT_SECONDS = 300.0
"""How long a login may be used without asking the vault again."""


class SecretsManagerLogins:
    """Implements the `CrmLogins` port; secrets are named `<prefix><tenant id>`."""

    def __init__(self, prefix: str, clock: Clock) -> None:
        self._prefix = prefix
        self._clock = clock
        self._kept: dict[str, tuple[float, CrmLogin]] = {}

    def read(self, tenant_id: str, *, fresh: bool = False) -> CrmLogin | None:
        kept = self._kept.get(tenant_id)
        if kept and not fresh and self._clock.monotonic() - kept[0] < LOGIN_KEPT_SECONDS:
            return kept[1]
        login = self._ask(tenant_id)
        if login:
            self._kept[tenant_id] = (self._clock.monotonic(), login)
        return login

    def write(self, tenant_id: str, username: str, password: str) -> None:
        self._kept.pop(tenant_id, None)
        name, value = self._name(tenant_id), json.dumps({"username": username, "password": password})
        client = aws.secrets_manager()
        with aws.storage_errors():
            try:
                client.put_secret_value(SecretId=name, SecretString=value)
            except client.exceptions.ResourceNotFoundException:
                _create(name, value)

    def _ask(self, tenant_id: str) -> CrmLogin | None:
        client = aws.secrets_manager()
        with aws.storage_errors():
            try:
                answer = client.get_secret_value(SecretId=self._name(tenant_id))
            except client.exceptions.ResourceNotFoundException:
                return None
        return _login(answer["SecretString"], answer["VersionId"])

    def _name(self, tenant_id: str) -> str:
        return f"{self._prefix}{tenant_id}"


def _create(name: str, value: str) -> None:
    client = aws.secrets_manager()
    try:
        client.create_secret(Name=name, SecretString=value)
    except client.exceptions.ResourceExistsException:
        # Somebody stored a first login at the same moment; the last one counts.
        client.put_secret_value(SecretId=name, SecretString=value)


def _login(value: str, version: str) -> CrmLogin:
    try:
        stored = json.loads(value)
        return CrmLogin(stored["username"], stored["password"], version)
    except (ValueError, KeyError, TypeError):
        # The cause is not chained: its text may quote the secret.
        raise SettingsIncompleteError("The stored CRM login can't be read; write it again.") from None
