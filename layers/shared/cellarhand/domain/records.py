"""Stored records: frozen models with a key, a version, and the indexes that list them.

A record is always replaced whole, on the condition that the stored version is still the one that was read
(`version` 0: that nothing is stored). Every decision of the system relies on this optimistic lock.

Why: docs/decisions.md#one-storage-port, docs/decisions.md#compress-what-is-written-most-often
"""

from abc import abstractmethod
from datetime import datetime
from typing import ClassVar, NamedTuple
from zlib import crc32

from cellarhand.domain.models import FrozenModel

DUE_SHARDS = 16


class Key(NamedTuple):
    """A record's primary key. The partition is `T#<tenant>`, except in the access table."""

    partition: str
    sort: str


class Place(NamedTuple):
    """A record's entry in the index `worklist`: the list's name and the position in it."""

    worklist: str
    position: str


class DueWork(NamedTuple):
    """The key of a record that has work to do, and since when it has been due."""

    key: Key
    since: datetime


class Record(FrozenModel):
    """Base of all records. Subclasses define the key and the index entries."""

    compressed: ClassVar[bool] = False
    """Store as gzip and leave out defaults: for long documents and records that are written often."""

    version: int = 0

    @property
    @abstractmethod
    def key(self) -> Key:
        """The primary key."""

    @property
    def due_at(self) -> datetime | None:
        """From when the sweeper finds it in the index `due`; None: no work is pending."""
        return None

    @property
    def place(self) -> Place | None:
        """Its position in a worklist; None: in no worklist."""
        return None

    @property
    def expires_at(self) -> datetime | None:
        """When it expires. DynamoDB's TTL deletes hours later, so readers check it too."""
        return None

    def stored_json(self) -> str:
        """The JSON to store. Never change a default: compressed records don't store defaults."""
        return self.model_dump_json(exclude_defaults=self.compressed)


def tenant_partition(tenant_id: str) -> str:
    """The partition of all of a tenant's records."""
    return f"T#{tenant_id}"


def tenant_of(partition: str) -> str:
    """The tenant of a partition made by `tenant_partition`."""
    return partition.removeprefix("T#")


def due_shard(key: Key) -> int:
    """The record's shard in the index `due`."""
    return crc32(f"{key.partition}#{key.sort}".encode()) % DUE_SHARDS
