"""Make the clock match what a tenant's schedule item wants."""

from collections.abc import Mapping
from typing import NamedTuple

from cellarhand.domain.errors import InvalidRequestError
from cellarhand.domain.order_sync.schedule import (
    ScheduleItem,
    ScheduleMistakeError,
    ScheduleState,
    ScheduleStatus,
)
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.schedules import ScheduleItems, Schedules, WantedSchedule


class _Wish(NamedTuple):
    """What the item says (None: there is none), and the tenant that it is about."""

    attributes: Mapping[str, object] | None
    tenant: TenantRecord | None


class ApplySchedule:
    """Reads what is wanted now, whatever change it was told of: so repeats and old news do no harm.

    It reads once more after it has set the clock: one who was slow may have undone what another, told of a
    newer change, had just seen to. A mistake in the item ends in its status and stops the schedule; only
    passing failures are raised.
    """

    def __init__(self, items: ScheduleItems, settings: Records, schedules: Schedules, clock: Clock) -> None:
        self._items = items
        self._settings = settings
        self._schedules = schedules
        self._clock = clock

    def __call__(self, tenant_id: str) -> ScheduleStatus | None:
        """What came of it, as written beside the item; None where there is no item."""
        wish = self._wish(tenant_id)
        while True:
            status = self._carried_out(tenant_id, wish)
            carried_out, wish = wish, self._wish(tenant_id)
            if wish == carried_out:
                return status

    def _wish(self, tenant_id: str) -> _Wish:
        tenant = self._settings.get(TenantRecord, Key(tenant_partition(tenant_id), "TENANT"))
        return _Wish(self._items.read(tenant_id), tenant)

    def _carried_out(self, tenant_id: str, wish: _Wish) -> ScheduleStatus | None:
        status = None if wish.attributes is None else self._applied(tenant_id, wish.attributes, wish.tenant)
        if status is None or status.state is not ScheduleState.ACTIVE:
            self._schedules.remove(tenant_id)
        self._items.write_status(tenant_id, status)
        return status

    def _applied(
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
                return self._status(ScheduleState.INVALID, "Invalid: the time that it names never comes.")
            self._set_clock(WantedSchedule(tenant_id, plan.clock_expression, zone))
        except (ScheduleMistakeError, InvalidRequestError) as mistake:
            return self._status(ScheduleState.INVALID, f"Invalid: {mistake}")
        return ScheduleStatus.active(plan, zone, self._clock.now())

    def _set_clock(self, wanted: WantedSchedule) -> None:
        if self._schedules.get(wanted.tenant_id) != wanted:
            self._schedules.put(wanted)

    def _status(self, state: ScheduleState, message: str) -> ScheduleStatus:
        return ScheduleStatus(state=state, message=message, checked_at=self._clock.now())
