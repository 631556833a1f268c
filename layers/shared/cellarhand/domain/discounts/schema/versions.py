"""The stored versions of a discount schema."""

import gzip
from datetime import datetime
from typing import ClassVar

from cellarhand.domain.records import Key, Record, tenant_partition

from .labels import Meanings
from .schema import DiscountSchema

VERSION_PREFIX = "DISCOUNT_SCHEMA#V"


def current_schema_key(tenant_id: str) -> Key:
    """The key of the record with the number of the version in force."""
    return Key(tenant_partition(tenant_id), "DISCOUNT_SCHEMA#CURRENT")


def schema_version_key(tenant_id: str, number: int) -> Key:
    """The key of a version. Sort keys are in the order of versions."""
    return Key(tenant_partition(tenant_id), f"{VERSION_PREFIX}{number:06d}")


class CurrentSchemaRecord(Record):
    """The version in force. Small, because every quote reads it; the document is read once per version."""

    tenant_id: str
    number: int

    @property
    def key(self) -> Key:
        """One for each tenant."""
        return current_schema_key(self.tenant_id)


class DiscountSchemaRecord(Record):
    """One version of a schema; immutable. `meanings`: what its labels meant when it was written.

    `restored_from`: the earlier version that it restores.
    """

    compressed: ClassVar[bool] = True

    tenant_id: str
    number: int
    document: DiscountSchema
    meanings: Meanings
    written_by: str
    written_at: datetime
    restored_from: int | None = None

    @property
    def key(self) -> Key:
        """One for each version, in order."""
        return schema_version_key(self.tenant_id, self.number)

    def stored_size(self) -> int:
        """The compressed size in bytes."""
        return len(gzip.compress(self.model_dump_json().encode()))
