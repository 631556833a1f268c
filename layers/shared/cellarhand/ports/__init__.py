"""What the use cases need of the outside world, as Protocols. Adapters and the tests' fakes fill them.

Timeouts are seconds for the whole call, connection and reading included.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from cellarhand.domain.records import DueWork, Key, Place, Record
from cellarhand.ports.crm import (
    Capabilities,
    Connection,
    ConnectionTest,
    CrmGateway,
    CrmGateways,
    CrmLogin,
    CrmLogins,
    Outcome,
    WriteResult,
)
from cellarhand.ports.schedules import (
    ScheduleItems,
    Schedules,
    WantedSchedule,
)
from cellarhand.ports.workers import Workers

__all__ = [
    "Capabilities",
    "Clock",
    "Connection",
    "ConnectionTest",
    "CrmGateway",
    "CrmGateways",
    "CrmLogin",
    "CrmLogins",
    "Deadline",
    "Hints",
    "Metrics",
    "Outcome",
    "Page",
    "R",
    "Records",
    "ScheduleItems",
    "Schedules",
    "Tokens",
    "WantedSchedule",
    "Workers",
    "WriteResult",
]

R = TypeVar("R", bound=Record)


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring how long something took."""
        ...


class Tokens(Protocol):
    """Randomness, injected."""

    def token(self, bits: int = 128) -> str:
        """A fresh URL-safe random string."""
        ...

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        ...


class Page[T](NamedTuple):
    """Part of a list, and where it goes on (absent: it was the last part)."""

    items: list[T]
    next: str | None


class Records(Protocol):
    """A table of records. Reads are consistent, except `worklist` and `due`, which are indexes: hints only.

    Every method raises `StorageUnavailableError` when the store does not answer.
    """

    def get(self, kind: type[R], key: Key) -> R | None:
        """The record, or None if there is none (an expired one counts as none)."""
        ...

    def get_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        """Those that exist, in the order of `keys`."""
        ...

    def save(self, record: R) -> R:
        """Replace the stored record if its version is still `record.version` (0: if there is none).

        Answers the record with its new version. Raises `StaleRecordError` if somebody else was first;
        a lost reply of our own write is recognised and is no error.
        """
        ...

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        """The same for several at once: all or none. At most 26 together."""
        ...

    def list_records(
        self,
        kind: type[R],
        partition: str,
        prefix: str,
        *,
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
    ) -> Page[R]:
        """The records of a partition whose sort key begins with `prefix`, in its order; `after` is a
        `Page.next`."""
        ...

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        """Keys in a worklist whose position is from `start` up to and with `end`, in order."""
        ...

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        """What of one shard was due by `until`, longest waiting first."""
        ...


class Hints(Protocol):
    """Messages that only say where work may be due; losing one costs time, never work."""

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:
        """Have reservations' guests upserted after `delay` seconds (at most 900 are honoured)."""
        ...

    def login_mended(self, tenant_id: str) -> None:
        """Have the guests who wait for the winery's login tried at once."""
        ...

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        """Have a tenant's sync runs drained after `delay` seconds (at most 900 are honoured)."""
        ...


class Metrics(Protocol):
    """Counted facts. Never a dimension per tenant: the tenant is in the log line."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add to a counter, such as `Orders` with `outcome="synced"`."""
        ...


class Deadline(Protocol):
    """How long the running invocation still has."""

    def seconds_left(self) -> float:
        """Seconds until the platform may end this invocation."""
        ...
