"""All reservations with visits in a period, as the books need them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from cellarhand.domain.errors import InvalidRequestError
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.reconciliation.ledger_side import LedgerEntry, ledger_entry
from cellarhand.domain.records import Key
from cellarhand.domain.reservations.reservation import (
    VisitPart,
    reservation_id_of,
    reservation_key,
    visit_position,
    visits_worklist,
)
from cellarhand.ports.records import Records
from cellarhand.use_cases.ledger.visit_walk import VisitWalk, readable

MAX_RESERVATIONS = 10_000
"""What one invocation can read, compare and answer."""
READ_AT_ONCE = 100
WALKED: tuple[VisitPart, ...] = ("out", "open", "closed")
WALKED_AGAIN: tuple[VisitPart, ...] = ("out",)
"""What went from open to out during the walk would be missed by it."""


class PeriodTooLargeError(InvalidRequestError):
    """It has more reservations than one request may compare."""

    code = "period_too_large"


class Period(FrozenModel):
    """Local dates of the visit, both inclusive."""

    from_date: date
    to_date: date

    def holds(self, day: date) -> bool:
        """Whether it is one of its days."""
        return self.from_date <= day <= self.to_date


class ExtraReservations(NamedTuple):
    """Reservations of other days. `look_from`: the local date from which on the CRM may have their orders;
    absent: since they were sent.
    """

    ids: tuple[str, ...] = ()
    look_from: date | None = None

    def most(self, most: int) -> "ExtraReservations":
        """At most so many of them."""
        return self._replace(ids=self.ids[:most])


NONE = ExtraReservations()


class LedgerEntries(NamedTuple):
    """The ids that the index names, and those of them that our code can read."""

    named: frozenset[str]
    entries: Sequence[LedgerEntry]

    def __or__(self, others: "LedgerEntries") -> "LedgerEntries":
        return LedgerEntries(self.named | others.named, [*self.entries, *others.entries])

    @property
    def unreadable(self) -> list[str]:
        """Named, and not to be read."""
        return sorted(self.named - {entry.reservation_id for entry in self.entries})


def ledger_entries(
    ledger: Records, tenant_id: str, period: Period, most: int = MAX_RESERVATIONS
) -> LedgerEntries:
    """Raises `PeriodTooLargeError`."""
    keys = _keys(ledger, tenant_id, period, most)
    named: set[str] = {reservation_id_of(key) for key in keys}
    entries: list[LedgerEntry] = []
    for some in batched(keys, READ_AT_ONCE, strict=False):
        for entry in map(ledger_entry, readable(ledger, some)):
            if period.holds(entry.visit_date):
                entries.append(entry)
            else:
                named.discard(entry.reservation_id)
    return LedgerEntries(frozenset(named), entries)


def with_extra(
    ledger: Records, tenant_id: str, bookings: LedgerEntries, others: ExtraReservations, sent_since: datetime
) -> LedgerEntries:
    """Those that are not there already, whatever the day of their visit, unless they were sent before."""
    more = [id_ for id_ in others.ids if id_ not in bookings.named]
    named, entries = set(more), []
    for some in batched(more, READ_AT_ONCE, strict=False):
        for entry in map(ledger_entry, readable(ledger, [reservation_key(tenant_id, id_) for id_ in some])):
            if entry.first_sent_at and entry.first_sent_at < sent_since:
                named.discard(entry.reservation_id)
            else:
                entries.append(entry)
    return LedgerEntries(frozenset(named), entries)


def has_visits(ledger: Records, tenant_id: str, period: Period) -> bool:
    """Whether there is any reservation at all."""
    return any(_pages(ledger, tenant_id, period, WALKED, 1))


def next_synced_visit(ledger: Records, tenant_id: str, day: date) -> date | None:
    """The first day from this one on with a visit whose order is in the CRM already, as the index has it."""
    name, end = visits_worklist(tenant_id, "closed"), visit_position(date.max)
    found = ledger.worklist(name, start=visit_position(day), end=end, limit=1)
    return next((date.fromisoformat(place.position.partition("#")[0]) for _, place in found.items), None)


def _keys(ledger: Records, tenant_id: str, period: Period, most: int) -> Iterable[Key]:
    keys: dict[Key, None] = {}
    for parts in (WALKED, WALKED_AGAIN):
        for page in _pages(ledger, tenant_id, period, parts, READ_AT_ONCE):
            keys |= dict.fromkeys(page)
            if len(keys) > most:
                raise PeriodTooLargeError(f"There are more than {most} reservations: choose fewer days.")
    return keys


def _pages(
    ledger: Records, tenant_id: str, period: Period, parts: Sequence[VisitPart], limit: int
) -> Iterator[list[Key]]:
    walk, cursor = VisitWalk(ledger, tenant_id, parts), None
    while True:
        page = walk.page(period.from_date, period.to_date, cursor, limit)
        yield page.items
        cursor = page.next
        if cursor is None:
            return
