"""Who is calling, and with what right."""

from datetime import datetime
from enum import StrEnum

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record

EVERY_TENANT = "*"


class Role(StrEnum):
    """What a key may be used for; which routes, the route itself says."""

    ENGINE = "engine"
    STAFF = "staff"
    SUPPORT = "support"


class Caller(FrozenModel):
    """A request's origin, settled: support callers name their tenant by header, the others have one."""

    key_id: str
    role: Role
    tenant_id: str | None
    anonymous_quotes: bool = False


class AccessKeyRecord(Record):
    """A stored key: the secret itself is never stored, only its SHA-256 (it has 256 random bits)."""

    key_id: str
    secret_sha256: str
    tenant_id: str
    role: Role
    label: str
    anonymous_quotes: bool = False
    created_at: datetime
    expires_on: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def key(self) -> Key:
        """By its id; the access table has no tenant partitions."""
        return access_key_key(self.key_id)


def access_key_key(key_id: str) -> Key:
    """Where an access key lives."""
    return Key(f"K#{key_id}", "KEY")


class UsedIdempotencyKey(Record):
    """An `Idempotency-Key` that made an access key: used again it is refused, for the secret is gone."""

    caller_key_id: str
    sha256: str

    @property
    def key(self) -> Key:
        """Per caller, so that two callers never meet."""
        return Key(f"I#{self.caller_key_id}", self.sha256)
