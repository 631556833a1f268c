"""Tables for many: the same promises as the in-memory one, with indexes that need not be searched whole."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from cellarhand.domain.records import DUE_SHARDS, DueWork, Key, Place, Record, due_shard
from cellarhand.ports.records import Page, R
from cellarhand.ports.runtime import Clock
from tests.fakes.records import InMemoryRecords


class IndexedRecords(InMemoryRecords):
    """`on_write` is told of each record that was written. Its indexes never lag."""

    def __init__(self, clock: Clock, on_write: Callable[[Record], object]) -> None:
        super().__init__(clock)
        self._on_write = on_write
        self._due: list[list[tuple[datetime, Key]]] = [[] for _ in range(DUE_SHARDS)]
        self._places: defaultdict[str, list[tuple[str, Key, Place]]] = defaultdict(list)
        self._sorts: defaultdict[str, list[str]] = defaultdict(list)

    @property
    def next_due(self) -> datetime | None:
        """When the first of all waiting work is due."""
        return min((shard[0][0] for shard in self._due if shard), default=None)

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
        sorts = self._sorts[partition]
        sorts = sorts[bisect_left(sorts, prefix) : bisect_left(sorts, prefix + "\U0010ffff")]
        if newest_first:
            sorts = sorts[::-1]
        if after is not None:
            sorts = [sort for sort in sorts if (sort < after if newest_first else sort > after)]
        page = [Key(partition, sort) for sort in sorts[:limit]]
        return Page(self.get_many(kind, page), page[-1].sort if len(sorts) > limit else None)

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        standing = self._places[name]
        first = bisect_left(standing, start, key=_position)
        if after is not None:
            first = max(first, bisect_right(standing, after, key=_position))
        last = bisect_right(standing, end, key=_position)
        page = standing[first : min(last, first + limit)]
        more = first + limit < last
        return Page([(key, place) for _, key, place in page], page[-1][0] if more else None)

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        waiting = islice(self._due[shard], limit)
        return [DueWork(key, since) for since, key in waiting if since <= until]

    def _write(self, records: Sequence[Record], removed: Sequence[Record]) -> None:
        keys = [record.key for record in (*records, *removed)]
        before = {key: self._stored.get(key) for key in keys}
        super()._write(records, removed)
        for key, was in before.items():
            self._index(key, was, self._stored.get(key))
        for record in records:
            self._on_write(record)

    def _index(self, key: Key, was: Any, now: Any) -> None:
        _move(self._sorts[key.partition], was and key.sort, now and key.sort)
        due = self._due[due_shard(key)]
        _move(due, *((each.due_at, key) if each and each.due_at else None for each in (was, now)))
        for each, keep in ((was, False), (now, True)):
            if each and each.place:
                entry = (each.place.position, key, each.place)
                standing = self._places[each.place.worklist]
                _move(standing, None if keep else entry, entry if keep else None)


def _position(entry: tuple[str, Key, Place]) -> str:
    return entry[0]


def _move[T](sorted_list: list[T], was: T | None, now: T | None) -> None:
    if was == now:
        return
    if was is not None:
        del sorted_list[bisect_left(sorted_list, was)]  # type: ignore[type-var]
    if now is not None:
        insort(sorted_list, now)  # type: ignore[type-var]
