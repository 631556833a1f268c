"""Finding the reservations of a selection, page by page, by the index of visit dates."""

from collections.abc import Iterator, Sequence
from datetime import date

from cellarhand.domain.reservation import (
    ReservationRecord,
    VisitPart,
    reservation_key,
    visit_position,
    visits_worklist,
)
from cellarhand.domain.sync_run import Selection
from cellarhand.ports import Page, Records

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
    ) -> Page[ReservationRecord]:
        """Reservations with visits in these dates (inclusive). Raises `ValueError` for a broken cursor."""
        part, start = self._place(cursor, visit_position(from_date or date.min))
        end = visit_position(to_date or date.max) + "~"
        if start > end:
            return Page([], self._next_part(part, from_date))
        name = visits_worklist(self._tenant_id, part)
        found = self._ledger.worklist(name, start=start, end=end, limit=limit)
        records = self._ledger.get_many(ReservationRecord, [key for key, _ in found.items])
        if found.next is None:
            return Page(records, self._next_part(part, from_date))
        return Page(records, f"{part}|{found.items[-1][1].position} ")

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
        self._visits = VisitWalk(ledger, tenant_id, ("open",) if selection.scheduled else ("open", "out"))

    def page(self, cursor: str | None) -> Page[str]:
        """Some ids, and where the walk goes on. An id that was asked for by name is told even if unknown."""
        if self._selection.reservation_ids:
            return self._named(int(cursor or 0))
        found = self._visits.page(self._selection.from_date, self._selection.to_date, cursor)
        return Page([r.reservation_id for r in found.items if self._holds(r)], found.next)

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
        named = names[first:after]
        known = self._ledger.get_many(ReservationRecord, [reservation_key(self._tenant_id, n) for n in named])
        outside = {record.reservation_id for record in known if not self._holds(record)}
        return Page(
            [name for name in named if name not in outside], str(after) if after < len(names) else None
        )

    def _holds(self, record: ReservationRecord) -> bool:
        return self._selection.holds(record.snapshot.visit_date, record.snapshot.event_id)
