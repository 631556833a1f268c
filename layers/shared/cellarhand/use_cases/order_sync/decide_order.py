"""Staff's decisions about a reservation's order: exclude it, include it again, or settle a review."""

from collections.abc import Callable, Sequence

from cellarhand.domain.errors import ConflictError
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.order_lifecycle import ReviewDecision, decide_review
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import Exclusion, ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.ports.follow_up import FollowUp
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.ledger.read_reservation import stored_reservation
from cellarhand.use_cases.ledger.reservation_context import ReservationContext, reservation_context
from cellarhand.use_cases.ledger.save_reservation import save_adjusted
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from cellarhand.use_cases.update_record import update_record

Step = Callable[[ReservationRecord], ReservationRecord]
ExtraRecords = Callable[[ReservationContext, ReservationRecord], Sequence[Record]]
"""Records to save in one transaction with a changed reservation."""


def _no_records(_facts: ReservationContext, _record: ReservationRecord) -> Sequence[Record]:
    return ()


class DecideOrder:
    """Each writes an audit entry. Raises `NotFoundError`, `ConflictError`, `StorageUnavailableError`."""

    def __init__(
        self, settings: Records, ledger: Records, trail: AuditTrail, clock: Clock, follow_up: FollowUp
    ) -> None:
        self._settings = settings
        self._follow_up = follow_up
        self._ledger = ledger
        self._trail = trail
        self._clock = clock

    def exclude(self, caller: Caller, tenant_id: str, reservation_id: str) -> ReservationRecord:
        """Exclude it from order sync until it is included again. A send in flight is still settled first."""
        now = self._clock.now()

        def step(record: ReservationRecord) -> ReservationRecord:
            if record.order.state is OrderState.SYNCED:
                raise ConflictError("Its order is in the CRM already.", code="already_synced")
            return record.with_history(now, "excluded", excluded=Exclusion(by=caller.key_id, at=now))

        changed = self._change(tenant_id, reservation_id, lambda r: r if r.excluded else step(r))
        self._trail.note(tenant_id, caller, "reservation_excluded", reservation_id=reservation_id)
        return changed

    def include(self, caller: Caller, tenant_id: str, reservation_id: str) -> ReservationRecord:
        """Assess it again like any other reservation."""
        now = self._clock.now()
        changed = self._change(
            tenant_id,
            reservation_id,
            lambda record: record.with_history(now, "included", excluded=None) if record.excluded else record,
        )
        self._trail.note(tenant_id, caller, "reservation_included", reservation_id=reservation_id)
        return changed

    def settle_review(
        self,
        caller: Caller,
        tenant_id: str,
        reservation_id: str,
        choice: ReviewDecision,
        crm_order_id: str | None,
    ) -> ReservationRecord:
        """Staff's decision: "it is there" closes the order, "send again" leaves it to the next run."""
        now = self._clock.now()

        def step(record: ReservationRecord) -> ReservationRecord:
            if record.order.state is not OrderState.REVIEW:
                raise ConflictError("Its order is not in review.", code="not_in_review")
            return decide_review(record, choice, crm_order_id, now)

        changed = self._change(tenant_id, reservation_id, step, self._follow_up_records)
        self._trail.note(tenant_id, caller, f"order_{choice}", reservation_id=reservation_id)
        return changed

    def require_choice(self, tenant_id: str, reservation_id: str) -> None:
        """Raises `ConflictError` if the order is in review: a retry must then say what staff decided."""
        stored = self._ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
        if stored and stored.order.state is OrderState.REVIEW:
            raise ConflictError(
                "Its order may be in the CRM: check there, then choose it_is_there or send_again.",
                code="choice_needed",
            )

    def _follow_up_records(self, facts: ReservationContext, record: ReservationRecord) -> Sequence[Record]:
        """The nightly checks of an order that staff settled, since no sync run has planned them."""
        if record.order.state is not OrderState.SYNCED:
            return []
        return self._follow_up.of_settled_order(facts.tenant, record, self._clock.now())

    def _change(
        self, tenant_id: str, reservation_id: str, step: Step, extra_records: ExtraRecords = _no_records
    ) -> ReservationRecord:
        def save(changed: ReservationRecord) -> ReservationRecord:
            facts = reservation_context(self._settings, tenant_id, changed.snapshot.event_id)
            extra = extra_records(facts, changed)
            return save_adjusted(self._ledger, facts.reassess(changed), self._clock.now(), *extra)

        return update_record(lambda: stored_reservation(self._ledger, tenant_id, reservation_id), step, save)
