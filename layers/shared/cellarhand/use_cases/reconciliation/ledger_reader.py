"""Read all reservations with visits in a period, as ledger entries.

Why: docs/decisions.md#a-reconciliation-is-computed-for-each-page
"""

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
"""As many as one invocation can read, compare and answer."""
READ_AT_ONCE = 100
WALKED: tuple[VisitPart, ...] = ("out", "open", "closed")
WALKED_AGAIN: tuple[VisitPart, ...] = ("out",)
"""A reservation that moved from "open" to "out" during the walk would otherwise be missed."""


class PeriodTooLargeError(InvalidRequestError):
    """The period has more reservations than one request may compare."""

    code = "period_too_large"


class Period(FrozenModel):
    """Local dates of the visit, both inclusive."""

    from_date: date
    to_date: date

    def holds(self, day: date) -> bool:
        """Whether the day is in the period."""
        return self.from_date <= day <= self.to_date


class ExtraReservations(NamedTuple):
    """Reservations with visits outside the period.

    `look_from`: the local date from which the CRM may have their orders; absent: since they were sent.
    """

    ids: tuple[str, ...] = ()
    look_from: date | None = None

    def first(self, count: int) -> "ExtraReservations":
        """At most the first `count` of them."""
        return self._replace(ids=self.ids[:count])


NO_EXTRA = ExtraReservations()


class LedgerEntries(NamedTuple):
    """The ids that the index names, and those of them that our code can read."""

    named: frozenset[str]
    entries: Sequence[LedgerEntry]

    def __or__(self, others: "LedgerEntries") -> "LedgerEntries":
        return LedgerEntries(self.named | others.named, [*self.entries, *others.entries])

    @property
    def unreadable(self) -> list[str]:
        """Ids that the index names but our code can't read."""
        return sorted(self.named - {entry.reservation_id for entry in self.entries})


def ledger_entries(
    ledger: Records, tenant_id: str, period: Period, most: int = MAX_RESERVATIONS
) -> LedgerEntries:
    """Raises `PeriodTooLargeError`."""
    keys = _keys(ledger, tenant_id, period, most)
    named: set[str] = {reservation_id_of(key) for key in keys}
    entries: list[LedgerEntry] = []
    for batch in batched(keys, READ_AT_ONCE, strict=False):
        for entry in map(ledger_entry, readable(ledger, batch)):
            if period.holds(entry.visit_date):
                entries.append(entry)
            else:
                named.discard(entry.reservation_id)
    return LedgerEntries(frozenset(named), entries)


def with_extra(
    ledger: Records, tenant_id: str, bookings: LedgerEntries, extra: ExtraReservations, sent_since: datetime
) -> LedgerEntries:
    """Those of `extra` that are not in `bookings`, without orders first sent before `sent_since`."""
    more = [reservation_id for reservation_id in extra.ids if reservation_id not in bookings.named]
    named, entries = set(more), []
    for batch in batched(more, READ_AT_ONCE, strict=False):
        keys = [reservation_key(tenant_id, reservation_id) for reservation_id in batch]
        for entry in map(ledger_entry, readable(ledger, keys)):
            if entry.first_sent_at and entry.first_sent_at < sent_since:
                named.discard(entry.reservation_id)
            else:
                entries.append(entry)
    return LedgerEntries(frozenset(named), entries)


def has_visits(ledger: Records, tenant_id: str, period: Period) -> bool:
    """Whether the period has any reservation."""
    return any(_pages(ledger, tenant_id, period, WALKED, 1))


def next_synced_visit(ledger: Records, tenant_id: str, day: date) -> date | None:
    """The first day from `day` on with a visit whose order the index says is already in the CRM."""
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
