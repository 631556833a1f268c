"""Making and revoking access keys. Several may be active at once, so that one is rotated without a gap."""

from hashlib import sha256
from typing import NamedTuple

from cellarhand.domain.errors import ConflictError, NotFoundError, StaleRecordError
from cellarhand.domain.records import Record
from cellarhand.domain.tenants.access_key import (
    EVERY_TENANT,
    AccessKeyRecord,
    Caller,
    UsedIdempotencyKey,
    access_key_key,
)
from cellarhand.domain.tenants.onboarding import AccessKeyBody
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Tokens

from .audit_trail import AuditTrail
from .read_tenant import tenant_record


class NewKey(NamedTuple):
    """A key's id, and the key itself: shown once, stored nowhere."""

    id: str
    key: str

    def __repr__(self) -> str:
        return f"NewKey({self.id!r}, ***)"


class AccessKeys:
    """Every access key of the system; only support gets here."""

    def __init__(
        self, access: Records, settings: Records, trail: AuditTrail, clock: Clock, tokens: Tokens
    ) -> None:
        self._access = access
        self._settings = settings
        self._trail = trail
        self._clock = clock
        self._tokens = tokens

    def make(self, caller: Caller, wanted: AccessKeyBody, idempotency_key: str | None = None) -> NewKey:
        """Raises `NotFoundError` for an unknown tenant, `ConflictError` for a used idempotency key."""
        if wanted.tenant_id is not None:
            tenant_record(self._settings, wanted.tenant_id)
        made, record = self._fresh(wanted)
        used = () if idempotency_key is None else (_used(caller, idempotency_key),)
        self._save(record, *used)
        self._trail.note(wanted.tenant_id, caller, "access_key_made", key_id=made.id, role=wanted.role)
        return made

    def revoke(self, caller: Caller, key_id: str) -> None:
        """Ends a key within 60 s (API Gateway remembers an answer for 30); doing it again changes nothing."""
        record = self._access.get(AccessKeyRecord, access_key_key(key_id))
        if record is None:
            raise NotFoundError("There is no such access key.")
        if record.revoked_at is None:
            self._access.save(record.model_copy(update={"revoked_at": self._clock.now()}))
            of_tenant = None if record.tenant_id == EVERY_TENANT else record.tenant_id
            self._trail.note(of_tenant, caller, "access_key_revoked", key_id=key_id)

    def _fresh(self, wanted: AccessKeyBody) -> tuple[NewKey, AccessKeyRecord]:
        key_id = sha256(self._tokens.token(128).encode()).hexdigest()[:20]
        secret = self._tokens.token(256)
        record = AccessKeyRecord(
            key_id=key_id,
            secret_sha256=sha256(secret.encode()).hexdigest(),
            tenant_id=wanted.tenant_id or EVERY_TENANT,
            role=wanted.role,
            label=wanted.label,
            anonymous_quotes=wanted.anonymous_quotes,
            created_at=self._clock.now(),
            expires_on=wanted.expires_at,
        )
        return NewKey(key_id, f"ch_{key_id}_{secret}"), record

    def _save(self, *records: Record) -> None:
        try:
            self._access.save_all(records)
        except StaleRecordError:
            raise ConflictError(
                "This Idempotency-Key has made an access key already, and a key is shown only once: "
                "revoke that one if it was lost.",
                code="idempotency_key_reused",
            ) from None


def _used(caller: Caller, idempotency_key: str) -> UsedIdempotencyKey:
    digest = sha256(idempotency_key.encode()).hexdigest()
    return UsedIdempotencyKey(caller_key_id=caller.key_id, sha256=digest)
