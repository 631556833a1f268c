"""Start a sync run, for staff or on schedule. The run stores its selection; a runner walks it later."""

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
from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Tokens
from cellarhand.ports.schedules import ScheduleItems
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .run_store import RunStore

KEYS_KEPT = timedelta(days=30)
SCHEDULE = "schedule"
"""`started_by` of a run that EventBridge Scheduler started."""

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
        """The selection as a run stores it."""
        return Selection(**self.model_dump(exclude={"dry_run"}))


class StartRun:
    """Start a run and send a hint to the runner, which processes overlapping runs one after the other."""

    def __init__(self, ledger: Records, runs: RunStore, hints: Hints, clock: Clock, tokens: Tokens) -> None:
        self._ledger = ledger
        self._runs = runs
        self._hints = hints
        self._clock = clock
        self._tokens = tokens

    def __call__(
        self, tenant_id: str, selection: Selection, started_by: str, idempotency_key: str | None = None
    ) -> SyncRun:
        """A repeated key returns the same run; with another selection it raises `ConflictError`."""
        now = self._clock.now()
        run = SyncRun(
            tenant_id=tenant_id,
            run_id=f"{run_time(now)}-{self._tokens.token(48)}",
            started_by=started_by,
            started_at=now,
            selection=selection,
            due=now,
        )
        stored = self._begin_once(run, idempotency_key, now) if idempotency_key else self._runs.begin(run)
        self._hints.order_sync(tenant_id)
        return stored

    def begin(self, run: SyncRun) -> SyncRun:
        """Start a run that is idempotent by its id: a repeat returns the first run."""
        stored = self._runs.begin(run)
        self._hints.order_sync(run.tenant_id)
        return stored

    def _begin_once(self, run: SyncRun, key: str, now: datetime) -> SyncRun:
        request = SyncRequest(
            tenant_id=run.tenant_id,
            key_hash=sha256(key.encode()).hexdigest(),
            selection=run.selection,
            run_id=run.run_id,
            keep_until=now + KEYS_KEPT,
        )
        try:
            return self._started_run(request) or self._runs.begin(run, also=[request])
        except StaleRecordError:
            if started := self._started_run(request):
                return started
            raise

    def _started_run(self, request: SyncRequest) -> SyncRun | None:
        first = self._ledger.get(SyncRequest, request.key)
        if first is None:
            return None
        if first.selection != request.selection:
            raise ConflictError(
                "This Idempotency-Key was used for another selection.", code="idempotency_key_reused"
            )
        return self._runs.get(first.tenant_id, first.run_id)


class StartScheduledRun:
    """Called by EventBridge Scheduler. The run's id is the scheduled time, so a repeat starts no new run."""

    def __init__(self, settings: Records, schedules: ScheduleItems, start: StartRun) -> None:
        self._settings = settings
        self._schedules = schedules
        self._start = start

    def __call__(self, tenant_id: str, scheduled_time: datetime) -> SyncRun | None:
        """None if the schedule was paused, turned off or deleted meanwhile: then no run is started."""
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
    """The prefix of a run's id, so that ids sort by time."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
