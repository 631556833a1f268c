"""Tables of records, each replaced whole on the condition of its version."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from cellarhand.domain.records import DueWork, Key, Place, Record

R = TypeVar("R", bound=Record)


class Page[T](NamedTuple):
    """Part of a list, and where it goes on (absent: it was the last part)."""

    items: list[T]
    next: str | None


class Records(Protocol):
    """A table of records. Reads are consistent, except `worklist` and `due`, which are indexes: hints only.

    Every method raises `StorageUnavailableError` when the store does not answer.
    """

    def get(self, kind: type[R], key: Key) -> R | None:
        """The record, or None if there is none (an expired one counts as none)."""
        ...

    def get_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        """Those that exist, in the order of `keys`."""
        ...

    def save(self, record: R) -> R:
        """Replace the stored record if its version is still `record.version` (0: if there is none).

        Answers the record with its new version. Raises `StaleRecordError` if somebody else was first;
        a lost reply of our own write is recognised and is no error.
        """
        ...

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        """The same for several at once: all or none. At most 26 together."""
        ...

    def list_records(
        self,
        kind: type[R],
        partition: str,
        prefix: str,
        *,
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
    ) -> Page[R]:
        """The records of a partition whose sort key begins with `prefix`, in its order; `after` is a
        `Page.next`."""
        ...

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        """Keys in a worklist whose position is from `start` up to and with `end`, in order."""
        ...

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        """What of one shard was due by `until`, longest waiting first."""
        ...
