"""Walk a tenant's reservations by the date of the visit.

Why: docs/decisions.md#one-index-for-open-and-closed-visits
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from cellarhand.domain.records import Key
from cellarhand.domain.reservations.reservation import (
    ReservationRecord,
    VisitPart,
    visit_position,
    visits_worklist,
)
from cellarhand.ports.records import Page, Records

IDS_PER_PAGE = 50


EVERY_PART: tuple[VisitPart, ...] = ("open", "out", "closed")


class VisitWalk:
    """Walks through parts of the visit index. The index may lag, so callers must read what it names.

    A cursor is `<part>|<position to start at>`: it contains no key, so a forged one gives no access.
    """

    def __init__(self, ledger: Records, tenant_id: str, parts: Sequence[VisitPart]) -> None:
        self._ledger = ledger
        self._tenant_id = tenant_id
        self._parts = parts

    def page(
        self, from_date: date | None, to_date: date | None, cursor: str | None, limit: int = IDS_PER_PAGE
    ) -> Page[Key]:
        """Reservations with visits in these dates (inclusive). Raises `ValueError` for a broken cursor."""
        part, start = self._place(cursor, visit_position(from_date or date.min))
        end = visit_position(to_date or date.max) + "~"
        if start > end:
            return Page([], self._next_part(part, from_date))
        name = visits_worklist(self._tenant_id, part)
        found = self._ledger.worklist(name, start=start, end=end, limit=limit)
        keys = [key for key, _ in found.items]
        if found.next is None:
            return Page(keys, self._next_part(part, from_date))
        return Page(keys, f"{part}|{found.items[-1][1].position} ")

    def _place(self, cursor: str | None, first: str) -> tuple[VisitPart, str]:
        if cursor is None:
            return self._parts[0], first
        name, _, start = cursor.partition("|")
        return self._parts[[str(part) for part in self._parts].index(name)], max(start, first)

    def _next_part(self, part: VisitPart, from_date: date | None) -> str | None:
        following = self._parts[self._parts.index(part) + 1 :]
        return f"{following[0]}|{visit_position(from_date or date.min)}" if following else None


def readable(ledger: Records, keys: Sequence[Key]) -> list[ReservationRecord]:
    """The reservations that exist and that our code can read; it may no longer be able to read old ones."""
    try:
        return ledger.get_many(ReservationRecord, keys)
    except ValueError:
        return list(_one_by_one(ledger, keys))


def _one_by_one(ledger: Records, keys: Sequence[Key]) -> Iterator[ReservationRecord]:
    for key in keys:
        with suppress(ValueError):
            yield from ledger.get_many(ReservationRecord, [key])
