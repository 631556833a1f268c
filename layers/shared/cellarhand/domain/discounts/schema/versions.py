"""The stored versions of a discount schema."""

import gzip
from datetime import datetime
from typing import ClassVar

from cellarhand.domain.records import Key, Record, tenant_partition

from .labels import Meanings
from .schema import DiscountSchema

VERSION_PREFIX = "DISCOUNT_SCHEMA#V"


def current_schema_key(tenant_id: str) -> Key:
    """Where the number of the version in force is kept."""
    return Key(tenant_partition(tenant_id), "DISCOUNT_SCHEMA#CURRENT")


def schema_version_key(tenant_id: str, number: int) -> Key:
    """Where a version is kept; sort keys stand in the order of versions."""
    return Key(tenant_partition(tenant_id), f"{VERSION_PREFIX}{number:06d}")


class CurrentSchemaRecord(Record):
    """Which version counts. Small, because every quote reads it; the document is read once per version."""

    tenant_id: str
    number: int

    @property
    def key(self) -> Key:
        """One per tenant."""
        return current_schema_key(self.tenant_id)


class DiscountSchemaRecord(Record):
    """One version of a schema, never changed again. `meanings`: what its labels meant when it was written.

    `restored_from`: the version whose rules it has again.
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
        """One per version, in order."""
        return schema_version_key(self.tenant_id, self.number)

    def stored_size(self) -> int:
        """Bytes that the record takes when stored."""
        return len(gzip.compress(self.model_dump_json().encode()))
