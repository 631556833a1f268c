"""The clock's side and the tenant's side of a sync schedule."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from cellarhand.domain.order_sync.schedule import ScheduleStatus


class WantedSchedule(NamedTuple):
    """A schedule as EventBridge Scheduler must have it."""

    tenant_id: str
    expression: str
    timezone: str


class Schedules(Protocol):
    """The clock's side of a tenant's sync schedule."""

    def put(self, schedule: WantedSchedule) -> None:
        """Create or replace. Raises `InvalidRequestError` with the clock's own reason if it refuses."""
        ...

    def remove(self, tenant_id: str) -> None:
        """Remove; nothing to remove is fine."""
        ...

    def get(self, tenant_id: str) -> WantedSchedule | None:
        """What the clock has."""
        ...


class ScheduleItems(Protocol):
    """A tenant's schedule item and its status item, in the settings table.

    Plain attributes, no records: support may write the item by hand. Raises `StorageUnavailableError`.
    """

    def read(self, tenant_id: str) -> Mapping[str, object] | None:
        """The item's attributes as whoever wrote it left them, without its key; None: there is none."""
        ...

    def write(self, tenant_id: str, attributes: Mapping[str, object]) -> None:
        """Replace the item, as a bare `put-item` would. Attributes that are None are left out."""
        ...

    def read_status(self, tenant_id: str) -> "ScheduleStatus | None":
        """What came of the item; None: nothing has yet."""
        ...

    def write_status(self, tenant_id: str, status: "ScheduleStatus | None") -> None:
        """Say what came of the item (None: it is gone, and so is its status)."""
        ...
