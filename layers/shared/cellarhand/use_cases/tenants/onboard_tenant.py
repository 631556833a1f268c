"""Taking a winery on: the tenant, its default settings, and its first two keys."""

from typing import NamedTuple

from cellarhand.domain.errors import ConflictError, StaleRecordError
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.onboarding import AccessKeyBody, TenantBody
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Tokens

from .access_keys import AccessKeys, NewKey
from .audit_trail import AuditTrail

HASH_KEY_BITS = 256


class Onboarded(NamedTuple):
    """A winery that was taken on, and its keys by role."""

    tenant: TenantRecord
    keys: dict[Role, NewKey]


class OnboardTenant:
    """Stores the tenant first: if making the keys fails, support makes them one by one."""

    def __init__(
        self, settings: Records, keys: AccessKeys, trail: AuditTrail, clock: Clock, tokens: Tokens
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._trail = trail
        self._clock = clock
        self._tokens = tokens

    def __call__(self, caller: Caller, wanted: TenantBody) -> Onboarded:
        """Raises `ConflictError` with the code `tenant_exists`."""
        tenant = TenantRecord(
            **wanted.model_dump(), hash_key=self._tokens.token(HASH_KEY_BITS), created_at=self._clock.now()
        )
        self._store(tenant, caller)
        self._trail.note(tenant.tenant_id, caller, "tenant_onboarded")
        keys = {role: self._first_key(caller, tenant, role) for role in (Role.ENGINE, Role.STAFF)}
        return Onboarded(tenant, keys)

    def _store(self, tenant: TenantRecord, caller: Caller) -> None:
        defaults = SettingsRecord(
            tenant_id=tenant.tenant_id,
            settings=Settings(),
            written_by=caller.key_id,
            written_at=tenant.created_at,
        )
        try:
            self._settings.save_all([tenant, defaults])
        except StaleRecordError:
            raise ConflictError("There is a tenant of this id already.", code="tenant_exists") from None

    def _first_key(self, caller: Caller, tenant: TenantRecord, role: Role) -> NewKey:
        wanted = AccessKeyBody(tenant_id=tenant.tenant_id, role=role, label=f"first {role} key")
        return self._keys.make(caller, wanted)
