"""The four tables in memory, with indexes that may lag behind and somebody who is told of every write."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from cellarhand.domain.records import Key, Record
from cellarhand.ports.records import R
from cellarhand.ports.runtime import Clock
from tests.fakes.records import InMemoryRecords

INDEX_LAG = 30.0
"""Seconds; far more than DynamoDB's indexes take."""


@lru_cache(maxsize=10_000)
def _parsed(kind: type[R], text: str) -> R:
    """Read anew for each other text: most runs begin with the same records."""
    return kind.model_validate_json(text)


class LaggingRecords(InMemoryRecords):
    """`on_write` is told of each record that was written. Who reads gets nothing of the writer's memory."""

    def __init__(self, clock: Clock, now: Callable[[], float], on_write: Callable[[Record], object]) -> None:
        super().__init__(clock)
        self._true_now = now
        self._on_write = on_write
        self._before: list[tuple[float, Key, Any]] = []

    def get(self, kind: type[R], key: Key) -> R | None:
        stored = self._stored.get(key)
        if stored is None:
            return None
        record = _parsed(kind, stored.text)
        expired = record.expires_at is not None and record.expires_at <= self._clock.now()
        return None if expired else record

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """What is read within is as it was some time ago."""
        today = self._stored
        since = self._true_now() - INDEX_LAG
        self._stored = dict(today)
        for at, key, stored in reversed(self._before):
            if at < since:
                break
            if stored is None:
                self._stored.pop(key, None)
            else:
                self._stored[key] = stored
        try:
            yield
        finally:
            self._stored = today

    def texts(self) -> Iterator[tuple[Key, str]]:
        """Everything that is stored, in order."""
        for key in sorted(self._stored):
            yield key, self._stored[key].text

    @property
    def next_due(self) -> datetime | None:
        """When the first of all waiting work is due."""
        return min((item.due_at for item in self._stored.values() if item.due_at is not None), default=None)

    def _write(self, records: Sequence[Record], removed: Sequence[Record]) -> None:
        before = [(self._true_now(), r.key, self._stored.get(r.key)) for r in (*records, *removed)]
        super()._write(records, removed)
        self._before.extend(before)
        for record in records:
            self._on_write(record)
