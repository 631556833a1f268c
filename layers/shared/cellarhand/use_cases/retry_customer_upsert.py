"""Try again, in the background, to bring a reservation's guest into the CRM."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from cellarhand.domain.customer_steps import is_due
from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.lease import Lease, lease_key
from cellarhand.domain.reservation import ReservationRecord, reservation_key
from cellarhand.domain.timers import Timers
from cellarhand.ports import Clock, Deadline, Hints, Records, Tokens
from cellarhand.use_cases.reservation_facts import reservation_facts
from cellarhand.use_cases.time_budget import RESERVE, TimeBudget
from cellarhand.use_cases.upsert_customer import UpsertCustomer

CUSTOMER_UPSERT = "customer_upsert"
BUSY_DELAY = 10.0
"""Seconds, up to twice that by chance, after which a hint comes back that found its tenant at work."""


class HintOutcome(StrEnum):
    """What came of a hint."""

    TRIED = "tried"
    NOT_DUE = "not_due"
    NO_TIME_LEFT = "no_time_left"
    TENANT_BUSY = "tenant_busy"


class RetryCustomerUpsert:
    """The same upsert with the CRM's full time, as many at once per tenant as its `crm_allowance` says.

    A hint is only a hint: what is not due (any more, or yet) is left alone, and the sweeper covers what no
    hint comes back for. Raises `StorageUnavailableError`, and `NotFoundError` for a tenant there is not.
    """

    def __init__(
        self,
        settings: Records,
        ledger: Records,
        upsert: UpsertCustomer,
        hints: Hints,
        clock: Clock,
        tokens: Tokens,
        timers: Timers,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._upsert = upsert
        self._hints = hints
        self._clock = clock
        self._tokens = tokens
        self._timers = timers

    def __call__(self, tenant_id: str, reservation_id: str, deadline: Deadline) -> HintOutcome:
        """Do what is due of one reservation, or leave a hint for later."""
        record = self._ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
        if record is None or not is_due(record, self._clock.now()):
            return HintOutcome.NOT_DUE
        facts = reservation_facts(self._settings, tenant_id, record.snapshot.event_id)
        if deadline.seconds_left() < self._needed_seconds:
            self._hints.customer_upsert(tenant_id, reservation_id)
            return HintOutcome.NO_TIME_LEFT
        with self._leased(tenant_id, facts.settings.crm_allowance.customers) as lease:
            if lease is None:
                delay = BUSY_DELAY * (1 + self._tokens.jitter())
                self._hints.customer_upsert(tenant_id, reservation_id, delay=delay)
                return HintOutcome.TENANT_BUSY
            self._upsert(facts, record, TimeBudget.of_background(self._clock, deadline, self._timers))
            return HintOutcome.TRIED

    @property
    def _needed_seconds(self) -> float:
        """A look-up and a creation, both as slow as they may be."""
        return 2 * self._timers.crm_write + RESERVE

    @contextmanager
    def _leased(self, tenant_id: str, most: int) -> Iterator[Lease | None]:
        lease = self._free_lease(tenant_id, most)
        try:
            yield lease
        finally:
            if lease is not None:
                # Lost by running out: then it is another's already.
                with suppress(StaleRecordError):
                    self._ledger.save(lease.released())

    def _free_lease(self, tenant_id: str, most: int) -> Lease | None:
        now = self._clock.now()
        for name in (CUSTOMER_UPSERT, *(f"{CUSTOMER_UPSERT}#{n}" for n in range(2, most + 1))):
            fresh = Lease(tenant_id=tenant_id, name=name)
            lease = self._ledger.get(Lease, lease_key(tenant_id, name)) or fresh
            if lease.is_free(now):
                with suppress(StaleRecordError):
                    return self._ledger.save(lease.taken(now, self._timers.lease))
        return None
