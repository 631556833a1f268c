"""A ledger whose process dies at a chosen write, just before it or just after."""

from collections.abc import Sequence
from typing import Any

from cellarhand.domain.records import Record
from cellarhand.ports.records import R, Records


class Killed(BaseException):
    """The platform ended the invocation: no code of ours runs any more."""


class MortalLedger:
    """Fills `Records`. Dies at write number `at` (from 1); nothing works afterwards, as after a kill."""

    def __init__(self, ledger: Records, at: int, *, written: bool) -> None:
        self._ledger = ledger
        self._at = at
        self._written = written
        self.writes = 0
        self.is_dead = False

    def save(self, record: R) -> R:
        self.save_all([record])
        return record.model_copy(update={"version": record.version + 1})

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        self._live()
        self.writes += 1
        if self.writes != self._at:
            self._ledger.save_all(records, removed)
            return
        if self._written:
            self._ledger.save_all(records, removed)
        self.is_dead = True
        raise Killed

    def __getattr__(self, name: str) -> Any:
        self._live()
        return getattr(self._ledger, name)

    def _live(self) -> None:
        if self.is_dead:
            raise Killed
