"""Keep a reservation's snapshot, then upsert its guest while the booking engine waits."""

from contextlib import suppress
from typing import Protocol

from pydantic import BaseModel

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.discounts.allowance import AllowanceAnswer
from cellarhand.domain.discounts.price_difference import PriceCheck
from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.reservations.allowance_claims import (
    ReservationWithAllowances,
    needs_allowance_check,
    needs_price_check,
    with_contended_allowances,
)
from cellarhand.domain.reservations.intake import Arrival, Change, apply_snapshot, change_of
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerState, ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Runtime
from cellarhand.use_cases.crm.time_budget import TimeBudget
from cellarhand.use_cases.guest_upsert.upsert_customer import UpsertCustomer
from cellarhand.use_cases.invitations.check_invitation import CheckInvitation, GuestAccess
from cellarhand.use_cases.ledger.reservation_context import ReservationContext, reservation_context
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.update_record import CHANGED_BY_MANY

_ROUNDS = 4
_LIMITED_ROUNDS = 9
"""While others take of the same allowance."""
_FIRST_PAUSE = 0.025
_MAX_PAUSE = 0.4
"""Seconds, before jitter: about a second for all rounds together."""

type Before = ReservationRecord | None


class GuestAnswer(BaseModel):
    """What happened to the guest; `field` names what of `guest` must be corrected."""

    state: CustomerState
    customer_id: str | None
    reason: str | None
    field: str | None


class OrderAnswer(BaseModel):
    """Where the order stands."""

    state: OrderState
    reason: str | None
    crm_order_id: str | None


class KeptReservation(BaseModel):
    """The answer to a snapshot (design section 4.2). `access` is judged when it is kept, not if repeated."""

    reservation_id: str
    sequence: int
    ignored: bool
    customer: GuestAnswer
    order: OrderAnswer
    allowances: tuple[AllowanceAnswer, ...]
    price_check: PriceCheck | None
    access: GuestAccess | None = None
    locked_after_sync: bool

    @classmethod
    def of(cls, record: ReservationRecord, *, ignored: bool, access: GuestAccess | None) -> "KeptReservation":
        """As the ledger has it. `sequence` is the one that counts: the newest."""
        return cls(
            reservation_id=record.reservation_id,
            sequence=record.snapshot.sequence,
            ignored=ignored,
            customer=GuestAnswer.model_validate(record.customer, from_attributes=True),
            order=OrderAnswer.model_validate(record.order, from_attributes=True),
            allowances=record.allowances.answers,
            price_check=record.price_check,
            access=access,
            locked_after_sync=record.locked_after_sync,
        )


class Discounts(Protocol):
    """Allowances and prices. Asked only for snapshots with discounts by rule, codes or quotes."""

    def book(
        self, facts: ReservationContext, stored: Before, record: ReservationRecord
    ) -> ReservationWithAllowances:
        """What `record`, which replaces `stored`, takes of allowances."""
        ...

    def recheck(
        self, facts: ReservationContext, record: ReservationRecord, budget: TimeBudget
    ) -> ReservationRecord:
        """After the upsert: check that the guest is still the one who got the quote."""
        ...


class KeepReservation:
    """Stores the snapshot first, in one write. A later failure doesn't fail the call: it goes to `report`.

    The same write takes and returns allowances. If an allowance is used up, or too many requests compete for
    it, the answer says so, and the reservation keeps what it held before until the snapshot is sent again.

    A guest who still needs the upsert is stored as due soon, so that the sweeper finds them after a crash.
    Raises `ConflictError` (`sequence_reused`), and `StorageUnavailableError` if it was not kept.
    """

    def __init__(
        self,
        settings: Records,
        ledger: Records,
        upsert: UpsertCustomer,
        invitation: CheckInvitation,
        discounts: Discounts,
        runtime: Runtime,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._upsert = upsert
        self._invitation = invitation
        self._discounts = discounts
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._workers = runtime.workers
        self._report = runtime.report_failure

    def __call__(
        self, caller: Caller, tenant_id: str, reservation_id: str, snapshot: Snapshot
    ) -> KeptReservation:
        """An older snapshot is ignored, the same one again changes nothing."""
        budget = TimeBudget.of_guest(self._clock)
        facts = reservation_context(self._settings, tenant_id, snapshot.event_id)
        arrival = Arrival(facts.tenant, facts.settings, reservation_id, snapshot)
        change, stored, record = self._keep(arrival, facts)
        if change in {Change.OLDER, Change.SAME}:
            return KeptReservation.of(record, ignored=change is Change.OLDER, access=None)
        record, access = self._after(caller, facts, stored, record, budget)
        return KeptReservation.of(record, ignored=False, access=access)

    def _keep(self, arrival: Arrival, facts: ReservationContext) -> tuple[Change, Before, ReservationRecord]:
        for number in range(_LIMITED_ROUNDS):
            stored = self._stored(arrival)
            change = change_of(stored, arrival.snapshot)
            if stored and (change is Change.OLDER or (change is Change.SAME and stored.allowances.settled)):
                return change, stored, stored
            booked = self._booked(arrival, facts, stored)
            with suppress(StaleRecordError):
                return change, stored, self._saved(booked)
            if booked.sums:
                self._pause(at_most=min(_MAX_PAUSE, _FIRST_PAUSE * 2**number))
            elif number + 1 >= _ROUNDS:
                raise StaleRecordError(CHANGED_BY_MANY)
        kept = ReservationWithAllowances(with_contended_allowances(stored, booked.record))
        return change, stored, self._saved(kept)

    def _pause(self, *, at_most: float) -> None:
        self._workers.pause(at_most * self._tokens.jitter())

    def _stored(self, arrival: Arrival) -> Before:
        key = reservation_key(arrival.tenant.tenant_id, arrival.reservation_id)
        return self._ledger.get(ReservationRecord, key)

    def _booked(
        self, arrival: Arrival, facts: ReservationContext, stored: Before
    ) -> ReservationWithAllowances:
        record = facts.reassess(apply_snapshot(stored, arrival, self._clock.now()))
        invite_only = facts.event is not None and facts.event.invite_only is not None
        if needs_allowance_check(stored, record.snapshot, invite_only=invite_only):
            return self._discounts.book(facts, stored, record)
        return ReservationWithAllowances(record)

    def _saved(self, booked: ReservationWithAllowances) -> ReservationRecord:
        return save_adjusted(self._ledger, booked.record, self._clock.now(), *booked.sums)

    def _after(
        self,
        caller: Caller,
        facts: ReservationContext,
        stored: Before,
        record: ReservationRecord,
        budget: TimeBudget,
    ) -> tuple[ReservationRecord, GuestAccess | None]:
        """The snapshot is safe: whatever fails from here on costs nothing but time, the sweeper goes on."""
        try:
            if record.customer.state is CustomerState.PENDING:
                record = self._upsert(facts, record, budget)
            if record.snapshot.quote_id and needs_price_check(stored, record.snapshot):
                record = self._discounts.recheck(facts, record, budget)
            return record, self._invitation(caller, facts, record, budget)
        except Exception as failure:
            self._report(failure)
            return record, None
