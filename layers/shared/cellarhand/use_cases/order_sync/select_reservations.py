"""Finding the reservations of a selection, page by page, by the index of visit dates."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from cellarhand.domain.order_sync.sync_run import Selection
from cellarhand.domain.records import Key
from cellarhand.domain.reservations.reservation import (
    ReservationRecord,
    VisitPart,
    reservation_id_of,
    reservation_key,
    visit_position,
    visits_worklist,
)
from cellarhand.ports.records import Page, Records

IDS_PER_PAGE = 50
EVERY_PART: tuple[VisitPart, ...] = ("open", "out", "closed")


class VisitWalk:
    """A walk through parts of the worklists; the index may lag, so what it tells is read again.

    A cursor is `<part>|<position to start at>`: it holds no key, so a forged one opens nothing.
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


class SelectionWalk:
    """The reservations that a run is about."""

    def __init__(self, ledger: Records, tenant_id: str, selection: Selection) -> None:
        self._ledger = ledger
        self._tenant_id = tenant_id
        self._selection = selection
        # "out" first: what the run itself finds out of the question moves there, and is told once.
        self._visits = VisitWalk(ledger, tenant_id, ("open",) if selection.scheduled else ("out", "open"))

    def page(self, cursor: str | None) -> Page[str]:
        """Some ids, and where the walk goes on. An id that was asked for by name is told even if unknown."""
        if self._selection.reservation_ids:
            return self._named(int(cursor or 0))
        found = self._visits.page(self._selection.from_date, self._selection.to_date, cursor)
        ids = [reservation_id_of(key) for key in found.items]
        # A scheduled run's one bound is the last visit date: each order is judged by it when its turn comes.
        return Page(ids if self._selection.scheduled else self._belonging(ids), found.next)

    def pages(self) -> Iterator[list[str]]:
        """All pages, one after the other."""
        cursor: str | None = None
        while True:
            ids, cursor = self.page(cursor)
            yield ids
            if cursor is None:
                return

    def _named(self, first: int) -> Page[str]:
        names = tuple(dict.fromkeys(self._selection.reservation_ids))
        after = first + IDS_PER_PAGE
        return Page(self._belonging(names[first:after]), str(after) if after < len(names) else None)

    def _belonging(self, ids: Sequence[str]) -> list[str]:
        """Without those that the selection does not hold; whatever else is wrong with one is its result."""
        known = readable(self._ledger, [reservation_key(self._tenant_id, id_) for id_ in ids])
        outside = {record.reservation_id for record in known if not self._holds(record)}
        return [id_ for id_ in ids if id_ not in outside]

    def _holds(self, record: ReservationRecord) -> bool:
        return self._selection.holds(record.snapshot.visit_date, record.snapshot.event_id)


def readable(ledger: Records, keys: Sequence[Key]) -> list[ReservationRecord]:
    """Those of these reservations that there are, without any that our code can't read (any more)."""
    try:
        return ledger.get_many(ReservationRecord, keys)
    except ValueError:
        return list(_one_by_one(ledger, keys))


def _one_by_one(ledger: Records, keys: Sequence[Key]) -> Iterator[ReservationRecord]:
    for key in keys:
        with suppress(ValueError):
            yield from ledger.get_many(ReservationRecord, [key])
