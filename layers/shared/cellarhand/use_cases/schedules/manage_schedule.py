"""Show, set, pause and resume a tenant's sync schedule.

Setting it writes the same item that support may write by hand. The table's stream then triggers
`ApplySchedule`, which makes EventBridge Scheduler match the item.
"""

from pydantic import BaseModel

from cellarhand.domain.order_sync.schedule import (
    ScheduleItem,
    ScheduleMistakeError,
    SchedulePlan,
    ScheduleStatus,
)
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.schedules import ScheduleItems
from cellarhand.use_cases.tenants.read_tenant import tenant_record


class ScheduleView(BaseModel):
    """A schedule as shown. `schedule` is absent if there is none or it can't be read: `status` says why."""

    schedule: SchedulePlan | None
    written_by: str | None
    paused: bool
    status: ScheduleStatus | None


class GetSchedule:
    """Show the schedule and its status."""

    def __init__(self, items: ScheduleItems, settings: Records, clock: Clock) -> None:
        self._items = items
        self._settings = settings
        self._clock = clock

    def __call__(self, tenant_id: str) -> ScheduleView:
        """The stored item and its status. Raises `NotFoundError` for an unknown tenant."""
        tenant = tenant_record(self._settings, tenant_id)
        item = self._readable_item(tenant_id)
        status = self._items.read_status(tenant_id)
        if status and item:
            status = status.as_of(self._clock.now(), item.plan)
        return ScheduleView(
            schedule=item.plan if item else None,
            written_by=item.written_by if item else None,
            paused=tenant.schedule_paused,
            status=status,
        )

    def _readable_item(self, tenant_id: str) -> ScheduleItem | None:
        attributes = self._items.read(tenant_id)
        if attributes is None:
            return None
        try:
            return ScheduleItem.read(attributes)
        except ScheduleMistakeError:
            return None


class PutSchedule:
    """Write the schedule item."""

    def __init__(self, items: ScheduleItems, show: GetSchedule) -> None:
        self._items = items
        self._show = show

    def __call__(self, tenant_id: str, plan: SchedulePlan, written_by: str) -> ScheduleView:
        """Returns the new schedule; its `status` follows within seconds. Raises `NotFoundError`."""
        self._show(tenant_id)
        self._items.write(tenant_id, ScheduleItem(plan, written_by).attributes())
        return self._show(tenant_id)


class PauseSchedule:
    """Pause a schedule by a flag on the tenant, whatever its item says; or resume it."""

    def __init__(self, settings: Records, show: GetSchedule, *, paused: bool) -> None:
        self._settings = settings
        self._show = show
        self._paused = paused

    def __call__(self, tenant_id: str) -> ScheduleView:
        """Raises `NotFoundError`, or `StaleRecordError` if another process changed the tenant meanwhile."""
        tenant = tenant_record(self._settings, tenant_id)
        if tenant.schedule_paused != self._paused:
            self._settings.save(tenant.model_copy(update={"schedule_paused": self._paused}))
        return self._show(tenant_id)
