"""Find the reservations of a selection, page by page, through the index of visit dates.

Why: docs/decisions.md#one-index-for-open-and-closed-visits, #a-scheduled-run-doesnt-read-what-its-walk-finds
"""

from collections.abc import Iterator, Sequence

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.reservations.reservation import (
    ReservationRecord,
    reservation_id_of,
    reservation_key,
)
from cellarhand.ports.records import Page, Records
from cellarhand.use_cases.ledger.visit_walk import IDS_PER_PAGE, VisitWalk, readable


class SelectReservations:
    """The reservations that a run syncs."""

    def __init__(self, ledger: Records, tenant_id: str, selection: Selection) -> None:
        self._ledger = ledger
        self._tenant_id = tenant_id
        self._selection = selection
        # "out" first: a reservation that the run finds not eligible moves there, and must not be read twice.
        self._visits = VisitWalk(ledger, tenant_id, ("open",) if selection.scheduled else ("out", "open"))

    def page(self, cursor: str | None) -> Page[str]:
        """A page of ids, and where the walk resumes. Named ids are included even if they are unknown."""
        if self._selection.reservation_ids:
            return self._named(int(cursor or 0))
        found = self._visits.page(self._selection.from_date, self._selection.to_date, cursor)
        ids = [reservation_id_of(key) for key in found.items]
        # A scheduled run is bounded by the last visit date alone, and each order's assessment checks that.
        return Page(ids if self._selection.scheduled else self._within(ids), found.next)

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
        return Page(self._within(names[first:after]), str(after) if after < len(names) else None)

    def _within(self, ids: Sequence[str]) -> list[str]:
        """Without reservations outside the selection. Unknown or unreadable ids stay: they get a result."""
        known = readable(
            self._ledger, [reservation_key(self._tenant_id, reservation_id) for reservation_id in ids]
        )
        outside = {record.reservation_id for record in known if not self._holds(record)}
        return [reservation_id for reservation_id in ids if reservation_id not in outside]

    def _holds(self, record: ReservationRecord) -> bool:
        return self._selection.holds(record.snapshot.visit_date, record.snapshot.event_id)
