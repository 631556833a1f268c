"""Keep a reservation's snapshot, then upsert its guest while the booking engine waits."""

from collections.abc import Callable
from contextlib import suppress

from pydantic import BaseModel

from cellarhand.domain.access import Caller
from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.reservation import CustomerState, OrderState, ReservationRecord, reservation_key
from cellarhand.domain.reservation_change import Arrival, Change, change_of, kept
from cellarhand.domain.snapshot import Snapshot
from cellarhand.ports import Clock, Records
from cellarhand.use_cases.check_invitation import CheckInvitation, GuestAccess
from cellarhand.use_cases.reservation_facts import ReservationFacts, reservation_facts
from cellarhand.use_cases.time_budget import TimeBudget
from cellarhand.use_cases.upsert_customer import UpsertCustomer

_ROUNDS = 4


class GuestOutcome(BaseModel):
    """What happened to the guest; `field` names what of `guest` must be corrected."""

    state: CustomerState
    customer_id: str | None
    reason: str | None
    field: str | None


class OrderOutcome(BaseModel):
    """Where the order stands."""

    state: OrderState
    reason: str | None
    crm_order_id: str | None


class KeptReservation(BaseModel):
    """The answer to a snapshot (design section 4.2). `access` is judged when it is kept, not if repeated."""

    reservation_id: str
    sequence: int
    ignored: bool
    customer: GuestOutcome
    order: OrderOutcome
    allowances: list[None] = []
    price_check: None = None
    access: GuestAccess | None = None
    locked_after_sync: bool

    @classmethod
    def of(cls, record: ReservationRecord, *, ignored: bool, access: GuestAccess | None) -> "KeptReservation":
        """As the ledger has it. `sequence` is the one that counts: the newest."""
        return cls(
            reservation_id=record.reservation_id,
            sequence=record.snapshot.sequence,
            ignored=ignored,
            customer=GuestOutcome.model_validate(record.customer, from_attributes=True),
            order=OrderOutcome.model_validate(record.order, from_attributes=True),
            access=access,
            locked_after_sync=record.locked_after_sync,
        )


class KeepReservation:
    """Kept first, with one write. Nothing that happens after that fails the call: it is told to `report`.

    A guest still to be upserted is kept due shortly ahead, so that a crash in between is found by the
    sweeper. Raises `ConflictError` (`sequence_reused`), and `StorageUnavailableError` if it was not kept.
    """

    def __init__(
        self,
        settings: Records,
        ledger: Records,
        upsert: UpsertCustomer,
        invitation: CheckInvitation,
        clock: Clock,
        report: Callable[[BaseException], None],
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._upsert = upsert
        self._invitation = invitation
        self._clock = clock
        self._report = report

    def __call__(
        self, caller: Caller, tenant_id: str, reservation_id: str, snapshot: Snapshot
    ) -> KeptReservation:
        """An older snapshot is ignored, the same one again changes nothing."""
        budget = TimeBudget.of_guest(self._clock)
        facts = reservation_facts(self._settings, tenant_id, snapshot.event_id)
        change, record = self._keep(Arrival(facts.tenant, facts.settings, reservation_id, snapshot), facts)
        if change in {Change.OLDER, Change.SAME}:
            return KeptReservation.of(record, ignored=change is Change.OLDER, access=None)
        record, access = self._after(caller, facts, record, budget)
        return KeptReservation.of(record, ignored=False, access=access)

    def _keep(self, arrival: Arrival, facts: ReservationFacts) -> tuple[Change, ReservationRecord]:
        key = reservation_key(arrival.tenant.tenant_id, arrival.reservation_id)
        for _ in range(_ROUNDS):
            stored = self._ledger.get(ReservationRecord, key)
            change = change_of(stored, arrival.snapshot)
            if stored is not None and change in {Change.OLDER, Change.SAME}:
                return change, stored
            record = facts.judged(kept(stored, arrival, self._clock.now()))
            with suppress(StaleRecordError):
                return change, self._ledger.save(record)
        raise StaleRecordError("The reservation is being changed by many at once; send it again.")

    def _after(
        self, caller: Caller, facts: ReservationFacts, record: ReservationRecord, budget: TimeBudget
    ) -> tuple[ReservationRecord, GuestAccess | None]:
        """The snapshot is safe: whatever fails from here on costs nothing but time, the sweeper goes on."""
        try:
            if record.customer.state is CustomerState.PENDING:
                record = self._upsert(facts, record, budget)
            return record, self._invitation(caller, facts, record, budget)
        except Exception as failure:
            self._report(failure)
            return record, None
