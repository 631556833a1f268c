"""What a stored record is: a frozen model with a key, a version, and the indexes it wants to be found by.

A record is only ever replaced whole, on the condition that its stored version is the one that was read
(`version` 0: that nothing is stored). That one rule is the lock of every decision the system takes.
"""

from abc import abstractmethod
from datetime import datetime
from typing import ClassVar, NamedTuple
from zlib import crc32

from cellarhand.domain.models import FrozenModel

DUE_SHARDS = 16


class Key(NamedTuple):
    """Where a record lives: partition (`T#<tenant>` but in the access table) and sort key."""

    partition: str
    sort: str


class Place(NamedTuple):
    """Where a record stands in the index of worklists: a list's name, and the order in it."""

    worklist: str
    position: str


class DueWork(NamedTuple):
    """Where work waits, and since when it has been due."""

    key: Key
    since: datetime


class Record(FrozenModel):
    """A stored thing. Subclasses say where it lives and by what else it is found."""

    compressed: ClassVar[bool] = False
    """Stored gzipped, and without whatever is a default: long documents, and what is written most often."""

    version: int = 0

    @property
    @abstractmethod
    def key(self) -> Key:
        """Where it lives."""

    @property
    def due_at(self) -> datetime | None:
        """When the sweeper must have found it; absent: no work waits."""
        return None

    @property
    def place(self) -> Place | None:
        """Its place in a worklist; absent: in none."""
        return None

    @property
    def expires_at(self) -> datetime | None:
        """When it may vanish (DynamoDB's TTL is late by hours, so readers check it too)."""
        return None

    def stored_json(self) -> str:
        """What is kept of it. A default that changes changes what stored records say: never change one."""
        return self.model_dump_json(exclude_defaults=self.compressed)


def tenant_partition(tenant_id: str) -> str:
    """The partition of everything a tenant owns."""
    return f"T#{tenant_id}"


def tenant_of(partition: str) -> str:
    """The tenant of a partition made by `tenant_partition`."""
    return partition.removeprefix("T#")


def due_shard(key: Key) -> int:
    """Which of the shards of the due index a record belongs to."""
    return crc32(f"{key.partition}#{key.sort}".encode()) % DUE_SHARDS
