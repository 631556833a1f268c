"""The four tables in memory, with indexes that may lag behind and somebody who is told of every write."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cellarhand.domain.records import Key, Record
from cellarhand.ports import Clock
from tests.fakes.records import InMemoryRecords

INDEX_LAG = 30.0
"""Seconds; far more than DynamoDB's indexes take."""


class LaggingRecords(InMemoryRecords):
    """`on_write` is told of each record that was written."""

    def __init__(self, clock: Clock, now: Callable[[], float], on_write: Callable[[Record], object]) -> None:
        super().__init__(clock)
        self._true_now = now
        self._on_write = on_write
        self._before: list[tuple[float, Key, Any]] = []

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
