"""Finding the reservations of a selection, page by page, by the index of visit dates."""

from collections.abc import Iterator, Sequence

from cellarhand.domain.order_sync.sync_run import Selection
from cellarhand.domain.reservations.reservation import (
    ReservationRecord,
    reservation_id_of,
    reservation_key,
)
from cellarhand.ports.records import Page, Records
from cellarhand.use_cases.ledger.visit_walk import IDS_PER_PAGE, VisitWalk, readable


class SelectReservations:
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
