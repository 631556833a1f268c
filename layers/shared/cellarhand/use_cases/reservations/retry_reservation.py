"""Staff try a reservation again, perhaps with the guest corrected."""

from contextlib import suppress

from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.reservations.intake import Arrival, is_link_doubtful, with_correction
from cellarhand.domain.reservations.reservation import CustomerState, ReservationRecord
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.crm.time_budget import TimeBudget
from cellarhand.use_cases.guest_upsert.upsert_customer import UpsertCustomer
from cellarhand.use_cases.ledger.read_reservation import stored_reservation
from cellarhand.use_cases.ledger.reservation_context import reservation_context
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from cellarhand.use_cases.update_record import retry_stale

NO_CORRECTION = Guest()


class RetryReservation:
    """The guest's upsert begins anew at once, and the order is judged anew (a rejected one waits again).

    A correction names only the fields that change; an explicit null empties one. It stands until the engine
    sends another guest than the one corrected. A guest who is linked already stays so unless the correction
    makes them somebody else, or the CRM has declined their order: then they are looked up anew. The audit
    names the fields, not their values.

    Raises `NotFoundError`, `StaleRecordError` and `StorageUnavailableError`.
    """

    def __init__(
        self, settings: Records, ledger: Records, upsert: UpsertCustomer, trail: AuditTrail, clock: Clock
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._upsert = upsert
        self._trail = trail
        self._clock = clock

    def __call__(
        self, caller: Caller, tenant_id: str, reservation_id: str, correction: Guest = NO_CORRECTION
    ) -> ReservationRecord:
        """The record as it is after the attempt."""
        return retry_stale(lambda: self._attempt(caller, tenant_id, reservation_id, correction))

    def _attempt(
        self, caller: Caller, tenant_id: str, reservation_id: str, correction: Guest
    ) -> ReservationRecord:
        budget = TimeBudget.of_guest(self._clock)
        stored = stored_reservation(self._ledger, tenant_id, reservation_id)
        facts = reservation_context(self._settings, tenant_id, stored.snapshot.event_id)
        arrival = Arrival(facts.tenant, facts.settings, reservation_id, stored.snapshot)
        if is_link_doubtful(stored):
            self._upsert.doubt(facts, stored)
        now = self._clock.now()
        again = with_correction(stored, correction, caller.key_id, arrival, now)
        record = save_adjusted(self._ledger, facts.reassess(again), now)
        named = ", ".join(sorted(correction.model_fields_set))
        self._trail.note(
            tenant_id, caller, "reservation_retried", reservation_id=reservation_id, corrected=named
        )
        if record.customer.state is not CustomerState.PENDING:
            return record
        with suppress(StorageUnavailableError):
            return self._upsert(facts, record, budget)
        return record
