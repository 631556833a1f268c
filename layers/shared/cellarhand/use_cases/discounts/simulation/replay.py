"""Price the reservations of the last days again, by the schema in force and by a draft. Reads only.

Why: docs/decisions.md#a-replay-infers-membership-from-discounts
"""

from datetime import date, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.engine.price import price
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.simulation import assumptions
from cellarhand.domain.discounts.simulation.models import MAX_REPLAYED, Replay, ReplayReport, Tally
from cellarhand.domain.discounts.simulation.replay import (
    AssumedGuest,
    InferredGuests,
    Repriced,
    add_to_tally,
    count_up,
    request_of,
    skip_reason,
)
from cellarhand.domain.errors import ConflictError, CrmError, SettingsIncompleteError
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.models import StrictModel
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.use_cases.cursor import broken_cursor, cursor_text, read_cursor
from cellarhand.use_cases.customers.cached_lookup import CachedLookup
from cellarhand.use_cases.customers.recognise_guest import MAX_LOOK_UP_SECONDS
from cellarhand.use_cases.ledger.visit_walk import EVERY_PART, VisitWalk, readable

from .context import SimulationContext

SECONDS_KEPT = 4.0
"""Reserved at the end of the invocation, for a last page and the answer."""
CURSOR = "/replay/cursor"
REPLAYED_PER_PAGE = 50
PER_PAGE_WITH_LOOK_UPS = 10


class _Progress(StrictModel):
    """The content of a cursor. A forged one falsifies its caller's own sums, and gives access to nothing."""

    place: str | None = None
    draft: str
    number: int
    from_date: date
    to_date: date
    tally: Tally = Tally()


class _LookUps:
    """A bounded number of CRM look-ups, one for each customer; none after the first failure."""

    def __init__(self, finder: CachedLookup, tenant: TenantRecord, left: int, deadline: Deadline) -> None:
        self._finder = finder
        self._tenant = tenant
        self._deadline = deadline
        self._known: dict[str, list[Customer]] = {}
        self.left = left
        self.made = 0

    def assume_guest(self, record: ReservationRecord, guests: InferredGuests) -> AssumedGuest:
        """The customer in the CRM, while look-ups are left; else memberships inferred from the booking."""
        customer_id = record.customer.customer_id
        found = self._found(customer_id) if customer_id else []
        return AssumedGuest(found[0], "looked_up") if found else guests.assume_guest(record.snapshot)

    def _found(self, customer_id: str) -> list[Customer]:
        seconds = self._deadline.seconds_left() - SECONDS_KEPT
        if customer_id not in self._known and self.left > 0 and seconds > 0:
            self.left, self.made = self.left - 1, self.made + 1
            try:
                found = self._finder.with_id(self._tenant, customer_id, min(MAX_LOOK_UP_SECONDS, seconds))
            except (CrmError, SettingsIncompleteError):
                self.left, found = 0, []
            self._known[customer_id] = found
        return self._known.get(customer_id, [])


class ReplayReservations:
    """Replays until all reservations are done, 5,000 are, or the invocation's time is nearly over."""

    def __init__(self, ledger: Records, finder: CachedLookup, clock: Clock) -> None:
        self._ledger = ledger
        self._finder = finder
        self._clock = clock

    def __call__(
        self, terms: SimulationContext, draft: DiscountSchema, replay: Replay, deadline: Deadline
    ) -> ReplayReport:
        """The report so far. Raises `InvalidRequestError` for a broken cursor, and `ConflictError`
        (`simulation_changed`) if the draft or the schema in force has changed since the replay began.
        """
        progress = self._progress(terms, draft, replay)
        walk = VisitWalk(self._ledger, terms.tenant.tenant_id, EVERY_PART)
        left = replay.look_ups - progress.tally.look_ups
        look_ups = _LookUps(self._finder, terms.tenant, left, deadline)
        while True:
            tally, place = self._page(walk, terms, progress, look_ups)
            progress = progress.model_copy(update={"tally": tally, "place": place})
            full = tally.replayed >= MAX_REPLAYED
            if place is None or full or deadline.seconds_left() < SECONDS_KEPT:
                return _report(terms, progress, full=full and place is not None)

    def _progress(self, terms: SimulationContext, draft: DiscountSchema, replay: Replay) -> _Progress:
        fingerprint = sha256(draft.model_dump_json().encode()).hexdigest()[:16]
        if replay.cursor is None:
            today = self._clock.now().astimezone(ZoneInfo(terms.tenant.timezone)).date()
            first = today - timedelta(days=replay.days - 1)
            return _Progress(draft=fingerprint, number=terms.number, from_date=first, to_date=today)
        try:
            progress = _Progress.model_validate_json(read_cursor(replay.cursor, CURSOR))
        except ValidationError:
            raise broken_cursor(CURSOR) from None
        if (progress.draft, progress.number) != (fingerprint, terms.number):
            raise ConflictError(
                "The draft or the schema in force has changed since the replay began: start a new one.",
                code="simulation_changed",
            )
        return progress

    def _page(
        self, walk: VisitWalk, terms: SimulationContext, progress: _Progress, look_ups: _LookUps
    ) -> tuple[Tally, str | None]:
        tally = progress.tally
        limit = min(
            PER_PAGE_WITH_LOOK_UPS if look_ups.left > 0 else REPLAYED_PER_PAGE, MAX_REPLAYED - tally.replayed
        )
        try:
            keys, place = walk.page(progress.from_date, progress.to_date, progress.place, max(1, limit))
        except ValueError:
            raise broken_cursor(CURSOR) from None
        records, made = readable(self._ledger, keys), look_ups.made
        for record in records:
            tally = _replay(tally, terms, record, look_ups)
        unreadable = count_up(tally.skipped, "unreadable", len(keys) - len(records))
        made = tally.look_ups + look_ups.made - made
        return tally.model_copy(update={"skipped": unreadable, "look_ups": made}), place


def _replay(tally: Tally, terms: SimulationContext, record: ReservationRecord, look_ups: _LookUps) -> Tally:
    event = terms.events.get(record.snapshot.event_id)
    if event is None or skip_reason(record.snapshot):
        why = skip_reason(record.snapshot) or "event_missing"
        return tally.model_copy(update={"skipped": count_up(tally.skipped, why)})
    guest = look_ups.assume_guest(record, terms.guests)
    in_force, draft = (
        _total(terms, schema, event, record, guest) for schema in (terms.in_force, terms.draft)
    )
    return add_to_tally(
        tally, Repriced(record.reservation_id, record.snapshot.total, in_force, draft, guest.source)
    )


def _total(
    terms: SimulationContext,
    schema: CompiledSchema,
    event: EventBody,
    record: ReservationRecord,
    guest: AssumedGuest,
) -> int:
    return price(
        schema,
        terms.settings.policy,
        event,
        request_of(record.snapshot),
        booked_at=local_minute(record.snapshot.booked_at, terms.tenant.timezone),
        recognition=Recognition(guest.customer),
    ).total


def _report(terms: SimulationContext, progress: _Progress, *, full: bool) -> ReplayReport:
    tally, more = progress.tally, progress.place is not None and not full
    return ReplayReport(
        **dict(tally),
        currency=terms.tenant.currency,
        schema_version=terms.number,
        from_date=progress.from_date.isoformat(),
        to_date=progress.to_date.isoformat(),
        difference=tally.draft_total - tally.in_force_total,
        limit_reached=full,
        next=cursor_text(progress.model_dump_json()) if more else None,
        assumptions=assumptions.REPLAY,
    )
