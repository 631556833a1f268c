"""What we send without waiting for an answer: hints about work, and counted facts."""

from typing import Protocol


class Hints(Protocol):
    """Messages that only say where work may be due; losing one costs time, never work."""

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:
        """Have reservations' guests upserted after `delay` seconds (at most 900 are honoured)."""
        ...

    def login_repaired(self, tenant_id: str) -> None:
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
