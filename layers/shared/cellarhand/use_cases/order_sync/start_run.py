"""Starting a sync run: by staff, or by the clock. The run keeps its selection; a runner walks it later."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Self

from pydantic import Field, model_validator

from cellarhand.domain.booking.snapshot import EventId, ReservationId
from cellarhand.domain.errors import ConflictError, StaleRecordError
from cellarhand.domain.local_time import local_date
from cellarhand.domain.models import StrictModel
from cellarhand.domain.order_sync.idempotent_start import SyncRequest
from cellarhand.domain.order_sync.schedule import ScheduleItem, ScheduleMistakeError
from cellarhand.domain.order_sync.sync_run import Selection, SyncRun
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Tokens
from cellarhand.ports.schedules import ScheduleItems
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .run_store import RunStore

KEYS_KEPT = timedelta(days=30)
SCHEDULE = "schedule"
"""What `started_by` says of a run that the clock started."""

StrictDate = Annotated[date, Field(strict=True)]


class OrderSyncRequest(StrictModel):
    """Which reservations: by visit date (local, inclusive), events or ids; each narrows the others."""

    from_date: StrictDate | None = Field(None, alias="from")
    to_date: StrictDate | None = Field(None, alias="to")
    event_ids: tuple[EventId, ...] = Field((), max_length=100)
    reservation_ids: tuple[ReservationId, ...] = Field((), max_length=500)
    dry_run: bool = False

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        if not (self.from_date or self.to_date or self.event_ids or self.reservation_ids):
            raise ValueError("name dates (from, to), event_ids or reservation_ids")
        if self.from_date and self.to_date and self.from_date > self.to_date:
            raise ValueError("from is after to")
        return self

    @property
    def selection(self) -> Selection:
        """As a run keeps it."""
        return Selection(**self.model_dump(exclude={"dry_run"}))


class StartRun:
    """Begin a run and leave a hint. Overlapping runs are drained one after the other."""

    def __init__(self, ledger: Records, runs: RunStore, hints: Hints, clock: Clock, tokens: Tokens) -> None:
        self._ledger = ledger
        self._runs = runs
        self._hints = hints
        self._clock = clock
        self._tokens = tokens

    def __call__(
        self, tenant_id: str, selection: Selection, started_by: str, idempotency_key: str | None = None
    ) -> SyncRun:
        """The same key answers the same run; with another selection it is a `ConflictError`."""
        now = self._clock.now()
        run = SyncRun(
            tenant_id=tenant_id,
            run_id=f"{run_time(now)}-{self._tokens.token(48)}",
            started_by=started_by,
            started_at=now,
            selection=selection,
            due=now,
        )
        begun = self._begin_once(run, idempotency_key, now) if idempotency_key else self._runs.begin(run)
        self._hints.order_sync(tenant_id)
        return begun

    def begin(self, run: SyncRun) -> SyncRun:
        """Begin a run whose id says all; a repeat answers the first."""
        begun = self._runs.begin(run)
        self._hints.order_sync(run.tenant_id)
        return begun

    def _begin_once(self, run: SyncRun, key: str, now: datetime) -> SyncRun:
        request = SyncRequest(
            tenant_id=run.tenant_id,
            key_hash=sha256(key.encode()).hexdigest(),
            selection=run.selection,
            run_id=run.run_id,
            keep_until=now + KEYS_KEPT,
        )
        try:
            return self._first(request) or self._runs.begin(run, also=[request])
        except StaleRecordError:
            if again := self._first(request):
                return again
            raise

    def _first(self, request: SyncRequest) -> SyncRun | None:
        first = self._ledger.get(SyncRequest, request.key)
        if first is None:
            return None
        if first.selection != request.selection:
            raise ConflictError(
                "This Idempotency-Key was used for another selection.", code="idempotency_key_reused"
            )
        return self._runs.get(first.tenant_id, first.run_id)


class StartScheduledRun:
    """What the clock calls. The run's id is the scheduled time, so a repeated call is the same run."""

    def __init__(self, settings: Records, schedules: ScheduleItems, start: StartRun) -> None:
        self._settings = settings
        self._schedules = schedules
        self._start = start

    def __call__(self, tenant_id: str, scheduled_time: datetime) -> SyncRun | None:
        """None: the schedule is paused, off or gone by now, so there is nothing to start."""
        tenant = tenant_record(self._settings, tenant_id)
        days_after_visit = self._days_after_visit(tenant_id)
        if tenant.schedule_paused or days_after_visit is None:
            return None
        today = local_date(scheduled_time, tenant.timezone)
        run = SyncRun(
            tenant_id=tenant_id,
            run_id=f"{run_time(scheduled_time)}-scheduled",
            started_by=SCHEDULE,
            started_at=scheduled_time,
            selection=Selection(to_date=today - timedelta(days=days_after_visit), scheduled=True),
            due=scheduled_time,
        )
        return self._start.begin(run)

    def _days_after_visit(self, tenant_id: str) -> int | None:
        attributes = self._schedules.read(tenant_id)
        if attributes is None:
            return None
        try:
            plan = ScheduleItem.read(attributes).plan
        except ScheduleMistakeError:
            return None
        return plan.days_after_visit if plan.enabled else None


def run_time(instant: datetime) -> str:
    """How an instant begins a run's id, so that ids sort by time."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
