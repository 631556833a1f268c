"""Search again for a guest that we created, once the CRM is certain to show all customers.

Staff at the counter may have entered the same guest in the same seconds, which no claim of ours prevents. We
keep our customer and flag the guest. The result is saved with the order's intent and costs no extra write.

Why: docs/decisions.md#search-again-for-a-guest-we-created
"""

from contextlib import suppress

from cellarhand.domain.customers import email_claim as claims
from cellarhand.domain.customers.email_claim import CustomerClaim
from cellarhand.domain.email import normalise_email
from cellarhand.domain.errors import CrmError, StaleRecordError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.guest_progress import is_recheck_due, looked_at
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Metrics

from .batch import Batch


class RecheckCreatedGuest:
    """Raises `OutOfTimeError` and `StorageUnavailableError`. A CRM that doesn't answer delays no order."""

    def __init__(self, ledger: Records, clock: Clock, metrics: Metrics, timers: Timers) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._timeout = timers.crm_write

    def __call__(self, batch: Batch, record: ReservationRecord) -> ReservationRecord:
        """The record to send, flagged if the CRM has other customers with the guest's e-mail."""
        if not is_recheck_due(record, self._clock.now()):
            return record
        email = normalise_email(record.snapshot.guest.email or "")
        try:
            with batch.calls.call(self._timeout):
                found = batch.crm.find_customers(email=email, timeout=self._timeout)
        except CrmError:
            return record
        others = sum(customer.customer_id != record.customer.customer_id for customer in found)
        if others:
            self._flag(batch, email, others)
        return looked_at(record, others)

    def _flag(self, batch: Batch, email: str, others: int) -> None:
        """Flag the claim, too: the guest's next reservations are linked by it without a search."""
        self._metrics.count("CustomerUpserts", outcome="created_twice")
        tenant = batch.winery.tenant
        key = claims.customer_claim_key(tenant.tenant_id, claims.email_hash(tenant.hash_key, email))
        claim = self._ledger.get(CustomerClaim, key)
        if claim is not None:
            # If another process has changed the claim meanwhile, it has just searched itself.
            with suppress(StaleRecordError):
                self._ledger.save(claims.with_duplicates(claim, others))
