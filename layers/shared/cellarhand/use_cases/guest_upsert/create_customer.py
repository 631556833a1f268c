"""Create a customer that the CRM was just found not to have: intent, one call, and what came of it."""

from contextlib import suppress

from cellarhand.domain.booking.guest import new_customer
from cellarhand.domain.customers import email_claim as claims
from cellarhand.domain.customers.email_claim import CustomerClaim
from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations import guest_progress as steps
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import Outcome, WriteResult
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Tokens
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from cellarhand.use_cases.ledger.save_reservation import save_adjusted

from .upsert_job import UpsertJob

type Decided = tuple[CustomerClaim, ReservationRecord]


class CreateCustomer:
    """Raises `StaleRecordError` only before anything was sent, and `OutOfTimeError` likewise."""

    def __init__(self, ledger: Records, clock: Clock, tokens: Tokens, timers: Timers) -> None:
        self._ledger = ledger
        self._clock = clock
        self._tokens = tokens
        self._timers = timers

    def __call__(self, job: UpsertJob, claim: CustomerClaim) -> ReservationRecord:
        """`claim` as it was read before the CRM was searched."""
        job.budget.for_write()
        reservation_id, now = job.record.reservation_id, self._clock.now()
        timers = job.facts.tenant.timers(self._timers)
        ours = self._ledger.save(claims.with_intent_to_create(claim, reservation_id, now, timers))
        result = self._send(job)
        settled, record = self._decide(job, result, ours)
        return self._keep(settled, job.facts.reassess(record))

    def _send(self, job: UpsertJob) -> WriteResult:
        data = new_customer(job.guest, job.facts.settings.new_customer_contact_types)
        try:
            timeout = job.budget.for_write()
        except OutOfTimeError as error:
            return WriteResult(Outcome.NOT_DONE, message=error.message)
        return job.gateway.upsert_customer(data, timeout=timeout)

    def _decide(self, job: UpsertJob, result: WriteResult, claim: CustomerClaim) -> Decided:
        record, now = job.record, self._clock.now()
        match result.outcome:
            case Outcome.DONE if result.id:
                ours = claims.with_created_customer(
                    claim, result.id, now, job.facts.tenant.timers(self._timers)
                )
                return ours, steps.customer_created(record, result.id, now, ours.visible_at)
            case Outcome.REFUSED:
                refused = steps.needs_attention(record, steps.REFUSED_BY_CRM, now, message=result.message)
                return claims.without_intent(claim), refused
            case Outcome.NOT_DONE:
                reason = steps.LOGIN_REFUSED if result.login_refused else steps.CRM_UNAVAILABLE
                later = steps.postponed(record, reason, now, self._tokens.jitter(), result.message)
                return claims.without_intent(claim), later
            case _:
                ours = claims.with_unanswered_creation(claim)
                until = claims.next_check_at(ours, now)
                return ours, steps.parked(record, steps.OUTCOME_UNKNOWN, now, until, result.message)

    def _keep(self, claim: CustomerClaim, record: ReservationRecord) -> ReservationRecord:
        try:
            return save_adjusted(self._ledger, record, self._clock.now(), claim)
        except StaleRecordError:
            # The reservation has changed, or the claim has settled and found another owner. In the first case
            # what the CRM said must not be lost; in the second nothing of it is ours to write any more.
            with suppress(StaleRecordError):
                self._ledger.save(claim)
            return self._ledger.get(ReservationRecord, record.key) or record
