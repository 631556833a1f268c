"""A store whose client process can die between its writes."""

from collections.abc import Callable, Sequence

from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.records import Key, Record
from cellarhand.ports.records import R
from cellarhand.ports.runtime import Clock
from tests.fakes.records import InMemoryRecords


class CrashError(BaseException):
    """The process is gone: no `except Exception` ever sees it."""


class MortalRecords(InMemoryRecords):
    """Dies just before its n-th write or just after it, or fails from then on; a transaction is one write."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.write_count = 0
        self.dies_before: int | None = None
        self.dies_after: int | None = None
        self.unavailable_from: int | None = None
        self.before_write: dict[int, Callable[[], object]] = {}
        self._dead = False

    def get(self, kind: type[R], key: Key) -> R | None:
        self._die_if(self._dead)
        return super().get(kind, key)

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        if happening := self.before_write.pop(self.write_count + 1, None):
            happening()
        write = self.write_count + 1
        if self.unavailable_from is not None and write >= self.unavailable_from:
            raise StorageUnavailableError("The store does not answer.")
        self._die_if(self._dead or self.dies_before == write)
        super().save_all(records, removed)
        self.write_count = write
        self._die_if(self.dies_after == write)

    def die(self) -> None:
        """Now."""
        self._die_if(True)

    def revive(self) -> None:
        """A new process, which lives."""
        self.dies_before = self.dies_after = None
        self._dead = False

    def _die_if(self, dies: bool) -> None:
        if dies:
            self._dead = True
            raise CrashError
