"""Make EventBridge Scheduler match a tenant's schedule item.

Why: docs/decisions.md#read-the-schedule-again-after-setting-it, #the-settings-stream-carries-keys-only
"""

from collections.abc import Mapping
from typing import NamedTuple

from cellarhand.domain.errors import InvalidRequestError
from cellarhand.domain.order_sync.schedule import (
    ScheduleItem,
    ScheduleMistakeError,
    ScheduleState,
    ScheduleStatus,
)
from cellarhand.domain.tenants.tenant import TenantRecord, tenant_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.schedules import ScheduleItems, Schedules, WantedSchedule


class _Desired(NamedTuple):
    """The stored schedule item (None: there is none) and its tenant."""

    attributes: Mapping[str, object] | None
    tenant: TenantRecord | None


class ApplySchedule:
    """Applies the stored item as it is now, whatever change triggered it: repeated and old events do no harm.

    It reads the item again after it has set the schedule, because a slow invocation may have overwritten what
    another one had set for a newer change. A mistake in the item is written to its status and stops the
    schedule; only temporary failures are raised.
    """

    def __init__(self, items: ScheduleItems, settings: Records, schedules: Schedules, clock: Clock) -> None:
        self._items = items
        self._settings = settings
        self._schedules = schedules
        self._clock = clock

    def __call__(self, tenant_id: str) -> ScheduleStatus | None:
        """Returns the status that was written beside the item; None if there is no item."""
        desired = self._read(tenant_id)
        while True:
            status = self._apply(tenant_id, desired)
            applied, desired = desired, self._read(tenant_id)
            if desired == applied:
                return status

    def _read(self, tenant_id: str) -> _Desired:
        tenant = self._settings.get(TenantRecord, tenant_key(tenant_id))
        return _Desired(self._items.read(tenant_id), tenant)

    def _apply(self, tenant_id: str, desired: _Desired) -> ScheduleStatus | None:
        attributes, tenant = desired
        status = None if attributes is None else self._apply_item(tenant_id, attributes, tenant)
        if status is None or status.state is not ScheduleState.ACTIVE:
            self._schedules.remove(tenant_id)
        self._items.write_status(tenant_id, status)
        return status

    def _apply_item(
        self, tenant_id: str, attributes: Mapping[str, object], tenant: TenantRecord | None
    ) -> ScheduleStatus:
        if tenant is None:
            return self._status(ScheduleState.INVALID, f"Invalid: there is no tenant {tenant_id}.")
        try:
            plan = ScheduleItem.read(attributes).plan
            if not plan.enabled:
                return self._status(ScheduleState.OFF, "Off: the item says enabled = false.")
            if tenant.schedule_paused:
                return self._status(ScheduleState.PAUSED, "Paused by staff.")
            zone = plan.timezone or tenant.timezone
            if plan.never_runs(self._clock.now(), zone):
                return self._status(ScheduleState.INVALID, "Invalid: its time never comes.")
            self._set_schedule(WantedSchedule(tenant_id, plan.clock_expression, zone))
        except (ScheduleMistakeError, InvalidRequestError) as mistake:
            return self._status(ScheduleState.INVALID, f"Invalid: {mistake}")
        return ScheduleStatus.active(plan, zone, self._clock.now())

    def _set_schedule(self, wanted: WantedSchedule) -> None:
        if self._schedules.get(wanted.tenant_id) != wanted:
            self._schedules.put(wanted)

    def _status(self, state: ScheduleState, message: str) -> ScheduleStatus:
        return ScheduleStatus(state=state, message=message, checked_at=self._clock.now())
