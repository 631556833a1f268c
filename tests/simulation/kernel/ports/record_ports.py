"""Our tables across the seam, as their adapter promises: it gives up after its tries, and then says so."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn

from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.records import DueWork, Key, Place, Record, tenant_of
from cellarhand.ports.records import Page, R
from tests.simulation.kernel.faults.faults import Family, Kind
from tests.simulation.kernel.platform.stores import LaggingRecords
from tests.simulation.kernel.ports.call import Call
from tests.simulation.kernel.ports.seam import Seam


def unavailable() -> NoReturn:
    """What every failing call of a store raises, executed or not."""
    raise StorageUnavailableError("The store does not answer.")


class CrossingRecords:
    """Fills `Records`."""

    def __init__(self, seam: Seam, table: str, store: LaggingRecords) -> None:
        self._seam = seam
        self._table = table
        self._store = store

    def get(self, kind: type[R], key: Key) -> R | None:
        self._keep_to(key.partition)
        return self._read(f"get[{kind.__name__}]", lambda: self._store.get(kind, key))

    def get_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        self._keep_to(*(key.partition for key in keys))
        return self._read(f"get_many[{kind.__name__}]", lambda: self._store.get_many(kind, keys))

    def save(self, record: R) -> R:
        self._keep_to(record.key.partition)
        return self._write(f"save[{type(record).__name__}]", lambda: self._store.save(record))

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        self._keep_to(*(record.key.partition for record in (*records, *removed)))
        named = "+".join([type(r).__name__ for r in records] + [f"-{type(r).__name__}" for r in removed])
        self._write(f"save_all[{named}]", lambda: self._store.save_all(records, removed))

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
        self._keep_to(partition)

        def execute() -> Page[R]:
            return self._store.list_records(
                kind, partition, prefix, limit=limit, after=after, newest_first=newest_first
            )

        return self._read(f"list_records[{kind.__name__}]", execute)

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        self._keep_to(name.rpartition("#")[0])
        return self._index(
            "worklist", lambda: self._store.worklist(name, start=start, end=end, limit=limit, after=after)
        )

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        return self._index("due", lambda: self._store.due(shard, until, limit))

    def _keep_to(self, *partitions: str) -> None:
        if self._table != "access":
            self._seam.keep_to(*(tenant_of(partition) for partition in partitions))

    def _read[T](self, name: str, execute: Callable[[], T]) -> T:
        return self._cross(Family.STORE_READ, name, execute, {})

    def _write[T](self, name: str, execute: Callable[[], T]) -> T:
        return self._cross(Family.STORE_WRITE, name, execute, {})

    def _index[T](self, name: str, execute: Callable[[], T]) -> T:
        def stale() -> T:
            with self._store.lagging():
                return execute()

        return self._cross(Family.INDEX_READ, name, execute, {Kind.STALE_READ: stale})

    def _cross[T](
        self, family: Family, name: str, execute: Callable[[], T], variants: dict[Kind, Callable[[], T]]
    ) -> T:
        call = Call(f"{self._table}.{name}", family, execute, unavailable, unavailable, variants=variants)
        return self._seam.cross(call)
