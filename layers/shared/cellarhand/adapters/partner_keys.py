"""Our own keys as a CRM's partner, in one secret that people fill. Nothing of it is ever logged."""

import json
from typing import Any

from cellarhand.adapters import aws
from cellarhand.domain.errors import CrmNotConfiguredError
from cellarhand.domain.tenants.tenant import CrmEnvironment
from cellarhand.ports.runtime import Clock

PARTNER_KEYS_KEPT_SECONDS = 300.0
"""How long the keys may be used without asking the vault again: a changed key needs no deployment."""


class SecretsManagerPartnerKeys:
    """Implements the `PartnerKeys` port. The secret is a JSON object: one key for each CRM environment."""

    def __init__(self, secret_id: str, clock: Clock) -> None:
        self._secret_id = secret_id
        self._clock = clock
        self._kept: tuple[float, dict[str, Any]] | None = None

    def of(self, environment: CrmEnvironment) -> str:
        key = self._keys().get(environment)
        if not (isinstance(key, str) and key):
            raise _unset(f"it holds no key for the CRM's {environment} installation")
        return key

    def _keys(self) -> dict[str, Any]:
        if self._kept and self._clock.monotonic() - self._kept[0] < PARTNER_KEYS_KEPT_SECONDS:
            return self._kept[1]
        keys = _parsed(self._ask())
        self._kept = (self._clock.monotonic(), keys)
        return keys

    def _ask(self) -> str:
        client = aws.secrets_manager()
        try:
            with aws.storage_errors():
                return client.get_secret_value(SecretId=self._secret_id).get("SecretString", "")
        except client.exceptions.ClientError as refused:
            raise _unset(f"Secrets Manager answers {aws.error_code(refused)}") from refused


def _parsed(secret: str) -> dict[str, Any]:
    try:
        keys = json.loads(secret)
    except ValueError:
        keys = None
    if not isinstance(keys, dict):
        # Raised here, with no cause to chain: the text of one may quote the secret.
        raise _unset("it holds no JSON object")
    return keys


def _unset(why: str) -> CrmNotConfiguredError:
    return CrmNotConfiguredError(f"Operators must fill the secret of Cellarhand's partner keys: {why}.")
