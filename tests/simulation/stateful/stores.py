"""Tables that watch whose records are touched, and whose process may die at a write."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cellarhand.domain.records import DueWork, Key, Record, tenant_partition
from cellarhand.ports.records import Page, R
from cellarhand.ports.runtime import Clock
from tests.fakes.records import InMemoryRecords


class Killed(BaseException):
    """The platform ended the invocation: no code of ours runs any more."""


class Touch:
    """Whom the running invocations work for, the innermost last (None: for everybody), and what was wrong."""

    def __init__(self) -> None:
        self.working_for: list[str | None] = []
        self.foreign: list[str] = []

    def check(self, tenant_id: str, what: str) -> None:
        """Note it if it is another tenant's."""
        allowed = self.working_for[-1] if self.working_for else None
        if allowed is not None and allowed != tenant_id:
            self.foreign.append(f"working for {allowed}, touched {what} of {tenant_id}")


class Mortality:
    """Of the process that runs: it dies at its n-th write, just before or just after."""

    def __init__(self) -> None:
        self._writes_left: int | None = None
        self._written = False
        self._is_dead = False

    def at(self, writes: int, *, written: bool) -> None:
        """So many writes from now (from 1)."""
        self._writes_left, self._written = writes, written

    @contextmanager
    def of_another(self) -> Iterator[None]:
        """Meanwhile another process runs, which lives."""
        before = self._writes_left, self._is_dead
        self.spare()
        yield
        self._writes_left, self._is_dead = before

    def spare(self) -> None:
        """A new process, which lives."""
        self._writes_left, self._is_dead = None, False

    def live(self) -> None:
        """Raise `Killed` if it is dead."""
        if self._is_dead:
            raise Killed

    def write(self, execute: Callable[[], None]) -> None:
        """Execute a write, unless death comes first."""
        self.live()
        self._writes_left = self._writes_left and self._writes_left - 1
        if self._writes_left != 0:
            execute()
            return
        if self._written:
            execute()
        self._is_dead = True
        raise Killed


class WatchedRecords(InMemoryRecords):
    """One of the four tables."""

    def __init__(self, clock: Clock, touch: Touch, mortality: Mortality) -> None:
        super().__init__(clock)
        self._touch = touch
        self._mortality = mortality

    def peek(self, kind: type[R], prefix: str) -> list[R]:
        """Every record of a kind, whoever's, for the judge."""
        keys = sorted(key for key in self._stored if key.sort.startswith(prefix))
        return [record for key in keys if (record := InMemoryRecords.get(self, kind, key))]

    def get(self, kind: type[R], key: Key) -> R | None:
        self._mortality.live()
        self._watch(key)
        return super().get(kind, key)

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        for record in (*records, *removed):
            self._watch(record.key)
        self._mortality.write(lambda: InMemoryRecords.save_all(self, records, removed))

    def list_records(self, kind: type[R], partition: str, prefix: str, **how: Any) -> Page[R]:
        self._watch(Key(partition, prefix))
        return super().list_records(kind, partition, prefix, **how)

    def worklist(self, name: str, **how: Any) -> Page[Any]:
        self._watch(Key(name.rpartition("#")[0], "worklist"))
        return super().worklist(name, **how)

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        self._mortality.live()
        return super().due(shard, until, limit)

    def _check_version(self, record: Record) -> None:
        """What is stored is not asked for by an invocation, so nobody is watched."""
        InMemoryRecords._check_version(self, record)

    def _watch(self, key: Key) -> None:
        self._touch.check(key.partition.removeprefix(tenant_partition("")), key.sort)
