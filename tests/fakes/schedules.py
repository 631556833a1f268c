"""The clock and the schedule items in memory; the clock refuses what it is told to refuse."""

from collections.abc import Mapping

from cellarhand.domain.errors import InvalidRequestError
from cellarhand.domain.order_sync.schedule import ScheduleStatus
from cellarhand.ports.schedules import WantedSchedule


class FakeSchedules:
    """What the clock has, and how often it was written to."""

    def __init__(self) -> None:
        self.wanted: dict[str, WantedSchedule] = {}
        self.refusal: str | None = None
        self.puts = 0

    def put(self, schedule: WantedSchedule) -> None:
        if self.refusal:
            raise InvalidRequestError(self.refusal)
        self.puts += 1
        self.wanted[schedule.tenant_id] = schedule

    def remove(self, tenant_id: str) -> None:
        self.wanted.pop(tenant_id, None)

    def get(self, tenant_id: str) -> WantedSchedule | None:
        return self.wanted.get(tenant_id)


class FakeScheduleItems:
    """Both items of each tenant; `items` is also where a test writes by hand."""

    def __init__(self) -> None:
        self.items: dict[str, Mapping[str, object]] = {}
        self.statuses: dict[str, ScheduleStatus] = {}

    def read(self, tenant_id: str) -> Mapping[str, object] | None:
        return self.items.get(tenant_id)

    def write(self, tenant_id: str, attributes: Mapping[str, object]) -> None:
        self.items[tenant_id] = {name: value for name, value in attributes.items() if value is not None}

    def read_status(self, tenant_id: str) -> ScheduleStatus | None:
        return self.statuses.get(tenant_id)

    def write_status(self, tenant_id: str, status: ScheduleStatus | None) -> None:
        self.statuses.pop(tenant_id, None)
        if status is not None:
            self.statuses[tenant_id] = status
