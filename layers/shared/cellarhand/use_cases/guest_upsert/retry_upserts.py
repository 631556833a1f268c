"""Try again, in the background, to bring the guests of one tenant's reservations into the CRM."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

from cellarhand.domain.reliability.lease import Lease
from cellarhand.domain.reliability.token_bucket import CallRate, TokenBucket
from cellarhand.domain.reservations.guest_progress import is_due
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline, Runtime
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.crm.tenant_leases import TenantLeases
from cellarhand.use_cases.crm.time_budget import RESERVE, TimeBudget
from cellarhand.use_cases.ledger.reservation_context import reservation_context
from cellarhand.use_cases.tenants.read_tenant import settings_of

from .upsert_customer import UpsertCustomer

CUSTOMER_UPSERT = "customer_upsert"
CALLS_OF_A_GUEST = 2
BUSY_DELAY = 10.0
"""Seconds, up to twice that by chance, after which a fresh hint comes back that found its tenant at work."""
FOUND_BY_SWEEPER = timedelta(minutes=1)
"""What has been due for so long needs no hint that comes back: it would only multiply the sweeper's."""


class HintOutcome(StrEnum):
    """What came of a hint."""

    TRIED = "tried"
    NOT_DUE = "not_due"
    NO_TIME_LEFT = "no_time_left"
    TENANT_BUSY = "tenant_busy"


class UpsertRate:
    """How fast the holder of a lease may go from guest to guest. None: as fast as the CRM answers.

    A guest counts as two calls, a search and a write, so that no wait falls between an intent and its call.
    """

    def __init__(self, lease: Lease, pace: CallRate | None, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        self.bucket = (lease.bucket or pace.full(clock.now())) if pace else None

    def wait(self) -> float:
        """Seconds until the next guest's turn."""
        if self._pace is None or self.bucket is None:
            return 0.0
        return self._pace.wait(self._filled(self._pace, self.bucket), CALLS_OF_A_GUEST)

    def take(self) -> None:
        """Another guest's calls are made."""
        if self._pace and self.bucket:
            self.bucket = self._filled(self._pace, self.bucket).without(CALLS_OF_A_GUEST)

    def _filled(self, pace: CallRate, bucket: TokenBucket) -> TokenBucket:
        return pace.refill(bucket, self._clock.now(), not_sent=0)


class RetryUpserts:
    """The same upsert with the CRM's full time, as many at once and a second as the `crm_allowance` says.

    A hint is only a hint: what is not due (any more, or yet) is left alone, and the sweeper covers what no
    hint comes back for. Raises `StorageUnavailableError`, `NotFoundError` for a tenant there is not, and
    after all others have been tried, whatever one of the upserts raised.
    """

    def __init__(
        self,
        settings: Records,
        ledger: Records,
        upsert: UpsertCustomer,
        leases: TenantLeases,
        hints: Hints,
        runtime: Runtime,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._leases = leases
        self._upsert = upsert
        self._hints = hints
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._timers = runtime.timers
        self._workers = runtime.workers

    def __call__(self, tenant_id: str, reservation_ids: Sequence[str], deadline: Deadline) -> HintOutcome:
        """Do what is due of these reservations, or leave a hint for later."""
        waiting = deque(reservation_ids)
        while waiting and (oldest := self._due(tenant_id, waiting[0])) is None:
            waiting.popleft()
        if not waiting or oldest is None:
            return HintOutcome.NOT_DUE
        with self._leased(tenant_id) as pace:
            if pace is not None:
                return self._drain(tenant_id, waiting, deadline, pace)
        self._come_back(oldest, waiting)
        return HintOutcome.TENANT_BUSY

    def _drain(
        self, tenant_id: str, waiting: deque[str], deadline: Deadline, pace: UpsertRate
    ) -> HintOutcome:
        failures: list[Exception] = []
        while waiting:
            wait = pace.wait()
            if deadline.seconds_left() < wait + self._needed_seconds:
                self._hints.customer_upsert(tenant_id, *waiting, delay=wait)
                break
            try:
                self._try(tenant_id, waiting.popleft(), deadline, pace)
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise failures[0]
        return HintOutcome.NO_TIME_LEFT if waiting else HintOutcome.TRIED

    def _try(self, tenant_id: str, reservation_id: str, deadline: Deadline, pace: UpsertRate) -> None:
        record = self._due(tenant_id, reservation_id)
        if record is not None:
            self._workers.pause(pace.wait())
            pace.take()
            facts = reservation_context(self._settings, tenant_id, record.snapshot.event_id)
            self._upsert(facts, record, TimeBudget.of_background(self._clock, deadline, self._timers))

    def _due(self, tenant_id: str, reservation_id: str) -> ReservationRecord | None:
        record = self._ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
        return record if record is not None and is_due(record, self._clock.now()) else None

    def _come_back(self, oldest: ReservationRecord, waiting: Sequence[str]) -> None:
        overdue_since = self._clock.now() - FOUND_BY_SWEEPER
        if oldest.due_at is not None and oldest.due_at > overdue_since:
            delay = BUSY_DELAY * (1 + self._tokens.jitter())
            self._hints.customer_upsert(oldest.tenant_id, *waiting, delay=delay)

    @property
    def _needed_seconds(self) -> float:
        """A look-up and a creation, both as slow as they may be."""
        return 2 * self._timers.crm_write + RESERVE

    @contextmanager
    def _leased(self, tenant_id: str) -> Iterator[UpsertRate | None]:
        allowance = settings_of(self._settings, tenant_id).crm_allowance
        further = (f"{CUSTOMER_UPSERT}#{n}" for n in range(2, allowance.customers + 1))
        lease = self._leases.take(tenant_id, CUSTOMER_UPSERT, *further)
        if lease is None:
            yield None
            return
        pace = UpsertRate(lease, allowance.customer_rate, self._clock)
        try:
            yield pace
        finally:
            self._leases.release(lease, pace.bucket)
