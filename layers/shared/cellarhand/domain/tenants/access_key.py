"""Access keys, their roles, and the caller of a request."""

from datetime import datetime
from enum import StrEnum

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record

EVERY_TENANT = "*"


class Role(StrEnum):
    """What a key may be used for. Each route names the roles that may call it."""

    ENGINE = "engine"
    STAFF = "staff"
    SUPPORT = "support"


class Caller(FrozenModel):
    """The authenticated caller. Support names the tenant in a header; other keys belong to one tenant."""

    key_id: str
    role: Role
    tenant_id: str | None
    anonymous_quotes: bool = False


class AccessKeyRecord(Record):
    """A stored key. Of its secret (256 random bits) only the SHA-256 is stored."""

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
    """An `Idempotency-Key` that created an access key. A repeat is refused: the secret is not stored."""

    caller_key_id: str
    sha256: str

    @property
    def key(self) -> Key:
        """Per caller, so that keys of two callers can't collide."""
        return Key(f"I#{self.caller_key_id}", self.sha256)
