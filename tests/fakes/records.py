"""A table of records in memory, as strict as DynamoDB: versions, all-or-none, 26 at once, expiry."""

import bisect
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.records import DueWork, Key, Place, Record, due_shard
from cellarhand.ports.records import Page, R
from cellarhand.ports.runtime import Clock

MAX_AT_ONCE = 26


class _Stored(NamedTuple):
    """An item: its JSON, and the attributes by which the indexes know it."""

    text: str
    place: Place | None
    due_at: datetime | None


class InMemoryRecords:
    """Keeps each record as the JSON that DynamoDB would hold, so that nothing survives by sharing memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stored: dict[Key, _Stored] = {}
        self.writes: list[Key] = []
        self._one_at_a_time = threading.Lock()

    def get(self, kind: type[R], key: Key) -> R | None:
        stored = self._stored.get(key)
        if stored is None:
            return None
        record = kind.model_validate_json(stored.text)
        expired = record.expires_at is not None and record.expires_at <= self._clock.now()
        return None if expired else record

    def get_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        found = (self.get(kind, key) for key in keys)
        return [record for record in found if record is not None]

    def save(self, record: R) -> R:
        self.save_all([record])
        return record.model_copy(update={"version": record.version + 1})

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        keys = [record.key for record in (*records, *removed)]
        if len(keys) > MAX_AT_ONCE or len(set(keys)) < len(keys):
            raise ValueError("a transaction takes at most 26 different records")
        with self._one_at_a_time:
            self._write(records, removed)
            self.writes.extend(keys)

    def _write(self, records: Sequence[Record], removed: Sequence[Record]) -> None:
        for record in (*records, *removed):
            self._check_version(record)
        for record in removed:
            del self._stored[record.key]
        for record in records:
            saved = record.model_copy(update={"version": record.version + 1})
            self._stored[record.key] = _Stored(saved.stored_json(), record.place, record.due_at)

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
        keys = [
            key for key in list(self._stored) if key.partition == partition and key.sort.startswith(prefix)
        ]
        keys.sort(reverse=newest_first)
        if after is not None:
            keys = [key for key in keys if (key.sort < after if newest_first else key.sort > after)]
        page, rest = keys[:limit], keys[limit:]
        return Page(self.get_many(kind, page), page[-1].sort if rest else None)

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        standing = sorted(
            (place.position, key, place)
            for key, item in list(self._stored.items())
            if (place := item.place) is not None and place.worklist == name and start <= place.position <= end
        )
        first = 0 if after is None else bisect.bisect_right([position for position, _, _ in standing], after)
        page, rest = standing[first : first + limit], standing[first + limit :]
        return Page([(key, place) for _, key, place in page], page[-1][0] if rest else None)

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        waiting = sorted(
            (item.due_at, key)
            for key, item in list(self._stored.items())
            if item.due_at is not None and item.due_at <= until and due_shard(key) == shard
        )
        return [DueWork(key, since) for since, key in waiting[:limit]]

    def _check_version(self, record: Record) -> None:
        stored = self.get(type(record), record.key)
        if (stored.version if stored else 0) != record.version:
            raise StaleRecordError(f"{type(record).__name__} was changed meanwhile")
