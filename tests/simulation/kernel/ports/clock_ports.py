"""The schedule's two sides across the seam: the items in our table, and the platform's scheduler."""

from collections.abc import Callable, Mapping

from cellarhand.domain.order_sync.schedule import ScheduleStatus
from cellarhand.ports.schedules import WantedSchedule
from tests.fakes.schedules import FakeScheduleItems, FakeSchedules
from tests.simulation.kernel.faults.faults import Family
from tests.simulation.kernel.ports.call import Call
from tests.simulation.kernel.ports.record_ports import unavailable
from tests.simulation.kernel.ports.seam import Seam


def _cross[T](seam: Seam, name: str, family: Family, execute: Callable[[], T]) -> T:
    return seam.cross(Call(name, family, execute, unavailable, unavailable))


class CrossingSchedules:
    """Fills `Schedules`."""

    def __init__(self, seam: Seam, scheduler: FakeSchedules) -> None:
        self._seam = seam
        self._scheduler = scheduler

    def put(self, schedule: WantedSchedule) -> None:
        self._ask("put", lambda: self._scheduler.put(schedule))

    def remove(self, tenant_id: str) -> None:
        self._ask("remove", lambda: self._scheduler.remove(tenant_id))

    def get(self, tenant_id: str) -> WantedSchedule | None:
        return self._ask("get", lambda: self._scheduler.get(tenant_id))

    def _ask[T](self, name: str, execute: Callable[[], T]) -> T:
        return _cross(self._seam, f"schedules.{name}", Family.CLOCK_SERVICE, execute)


class CrossingScheduleItems:
    """Fills `ScheduleItems`."""

    def __init__(self, seam: Seam, items: FakeScheduleItems, on_write: Callable[[str], object]) -> None:
        self._seam = seam
        self._items = items
        self._on_write = on_write

    def read(self, tenant_id: str) -> Mapping[str, object] | None:
        return self._ask("read", lambda: self._items.read(tenant_id))

    def write(self, tenant_id: str, attributes: Mapping[str, object]) -> None:
        def execute() -> None:
            self._items.write(tenant_id, attributes)
            self._on_write(tenant_id)

        self._do("write", execute)

    def read_status(self, tenant_id: str) -> ScheduleStatus | None:
        return self._ask("read_status", lambda: self._items.read_status(tenant_id))

    def write_status(self, tenant_id: str, status: ScheduleStatus | None) -> None:
        self._do("write_status", lambda: self._items.write_status(tenant_id, status))

    def _ask[T](self, name: str, execute: Callable[[], T]) -> T:
        return _cross(self._seam, f"schedule_items.{name}", Family.STORE_READ, execute)

    def _do(self, name: str, execute: Callable[[], None]) -> None:
        _cross(self._seam, f"schedule_items.{name}", Family.STORE_WRITE, execute)
