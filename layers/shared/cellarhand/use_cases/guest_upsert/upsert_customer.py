"""Make sure that a reservation's guest exists in the winery's CRM, once, and link the reservation to them."""

from contextlib import suppress

from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.customers import email_claim as claims
from cellarhand.domain.customers.best_match import best_first
from cellarhand.domain.customers.email_claim import CustomerClaim
from cellarhand.domain.email import normalise_email
from cellarhand.domain.errors import (
    Actor,
    CrmError,
    CrmLoginRefusedError,
    SettingsIncompleteError,
    StaleRecordError,
)
from cellarhand.domain.reservations import guest_progress as steps
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Runtime
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.crm.time_budget import TimeBudget
from cellarhand.use_cases.ledger.reservation_context import ReservationContext, save_or_reload
from cellarhand.use_cases.ledger.save_reservation import save_adjusted

from .create_customer import CreateCustomer
from .fill_customer import linked_and_filled
from .upsert_job import UpsertJob


class UpsertCustomer:
    """Looks the guest up and adds them only if absent; a known link costs no call under `leave_alone`.

    A failure of the CRM is not raised: it becomes the record's state, with the time of the next try, and a
    hint is sent for that time. What operators must act on goes to `report`. Raises
    `StorageUnavailableError`.
    """

    def __init__(
        self,
        ledger: Records,
        crm: CrmGateways,
        create: CreateCustomer,
        hints: Hints,
        runtime: Runtime,
    ) -> None:
        self._ledger = ledger
        self._crm = crm
        self._hints = hints
        self._metrics = runtime.metrics
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._timers = runtime.timers
        self._report = runtime.report_failure
        self._create = create

    def __call__(
        self, facts: ReservationContext, record: ReservationRecord, budget: TimeBudget
    ) -> ReservationRecord:
        """`record` as stored, its guest `pending`. Answers what is stored then: perhaps another's change."""
        after = self._upserted(facts, record, budget)
        self._metrics.count("CustomerUpserts", outcome=after.customer.state)
        if after.due_at is not None:
            delay = (after.due_at - self._clock.now()).total_seconds()
            self._hints.customer_upsert(after.tenant_id, after.reservation_id, delay=max(0.0, delay))
        return after

    def doubt(self, facts: ReservationContext, record: ReservationRecord) -> None:
        """The CRM may no longer have the customer of this link: the next upsert asks it again by e-mail."""
        claim = self._claim(facts.tenant, record.snapshot.guest)
        is_the_links = claim.customer_id is not None and claim.customer_id == record.customer.customer_id
        if is_the_links and not claims.may_be_unseen(claim, self._clock.now()):
            # Changed by somebody else: they have just asked.
            with suppress(StaleRecordError):
                self._ledger.save(claims.without_customer(claim))

    def _upserted(
        self, facts: ReservationContext, record: ReservationRecord, budget: TimeBudget
    ) -> ReservationRecord:
        try:
            return self._in_crm(UpsertJob(facts, record, self._crm.of(facts.tenant), budget))
        except CrmLoginRefusedError as error:
            reason, message = steps.LOGIN_REFUSED, error.message
        except SettingsIncompleteError as error:
            reason, message = steps.LOGIN_MISSING, error.message
        except CrmError as error:
            reason, message = error.stable_code, error.message
            if error.actor is Actor.OPERATORS:
                self._report(error)
        later = steps.postponed(record, reason, self._clock.now(), self._tokens.jitter(), message)
        return self._keep(facts, later)

    def _in_crm(self, job: UpsertJob) -> ReservationRecord:
        if job.guest.customer_id:
            return self._matched(job, job.guest.customer_id)
        try:
            return self._by_email(job)
        except StaleRecordError:
            return self._once_more(job)

    def _once_more(self, job: UpsertJob) -> ReservationRecord:
        """After a lost race: the reservation is another's now, or the claim was; look once, else wait."""
        stored = self._ledger.get(ReservationRecord, job.record.key)
        if stored is None or stored.version != job.record.version:
            return stored or job.record
        try:
            return self._by_email(job)
        except StaleRecordError:
            return self._parked(job, steps.CREATED_ELSEWHERE)

    def _matched(self, job: UpsertJob, customer_id: str) -> ReservationRecord:
        customer = job.gateway.get_customer(customer_id, timeout=job.budget.for_look_up())
        now = self._clock.now()
        if customer is None and customer_id == job.record.customer.customer_id:
            # Linked to them already: perhaps just created, and not shown yet.
            return self._keep(job.facts, steps.linked(job.record, customer_id, now))
        if customer is None:
            text = "The CRM has no customer of the matched id."
            unknown = steps.needs_attention(
                job.record, steps.CUSTOMER_UNKNOWN, now, field="customer_id", message=text
            )
            return self._keep(job.facts, unknown)
        return self._keep(job.facts, linked_and_filled(job, customer, now))

    def _by_email(self, job: UpsertJob) -> ReservationRecord:
        claim = self._claim(job.facts.tenant, job.guest)
        if until := claims.waits_until(claim, self._clock.now(), self._timers):
            unknown = claim.intent is not None and claim.intent.unknown
            reason = steps.OUTCOME_UNKNOWN if unknown else steps.CREATED_ELSEWHERE
            return self._keep(job.facts, steps.parked(job.record, reason, self._clock.now(), until))
        if claim.customer_id is None:
            return self._searched(job, claim)
        return self._known(job, claim, claim.customer_id)

    def _claim(self, tenant: TenantRecord, guest: Guest) -> CustomerClaim:
        hashed = claims.email_hash(tenant.hash_key, normalise_email(guest.email or ""))
        stored = self._ledger.get(CustomerClaim, claims.customer_claim_key(tenant.tenant_id, hashed))
        return stored or CustomerClaim(tenant_id=tenant.tenant_id, email_hash=hashed)

    def _known(self, job: UpsertJob, claim: CustomerClaim, customer_id: str) -> ReservationRecord:
        now, duplicates = self._clock.now(), claim.duplicates
        as_known = steps.linked(job.record, customer_id, now, duplicates=duplicates)
        if job.leaves_alone:
            return self._keep(job.facts, as_known)
        customer = job.gateway.get_customer(customer_id, timeout=job.budget.for_look_up())
        if customer is not None:
            return self._keep(job.facts, linked_and_filled(job, customer, now, duplicates))
        if claims.may_be_unseen(claim, now):
            return self._keep(job.facts, as_known)
        return self._searched(job, claim)

    def _searched(self, job: UpsertJob, claim: CustomerClaim) -> ReservationRecord:
        email = normalise_email(job.guest.email or "")
        found = best_first(job.gateway.find_customers(email=email, timeout=job.budget.for_look_up()))
        if not found:
            return self._create(job, claim)
        best, duplicates = found[0], len(found) - 1
        now = self._clock.now()
        record = job.facts.reassess(linked_and_filled(job, best, now, duplicates))
        return save_adjusted(
            self._ledger, record, now, claims.with_customer(claim, best.customer_id, duplicates)
        )

    def _parked(self, job: UpsertJob, reason: str) -> ReservationRecord:
        now = self._clock.now()
        return self._keep(job.facts, steps.parked(job.record, reason, now, now + claims.LOOK_AGAIN))

    def _keep(self, facts: ReservationContext, record: ReservationRecord) -> ReservationRecord:
        return save_or_reload(self._ledger, facts.reassess(record), self._clock.now())
