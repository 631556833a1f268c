"""What leaves the system sideways: hints and metrics, collected."""

from typing import NamedTuple


class Hint(NamedTuple):
    """A message left on a queue."""

    queue: str
    tenant_id: str
    reservation_ids: tuple[str, ...]
    delay: float

    @property
    def reservation_id(self) -> str:
        """The only one."""
        [reservation_id] = self.reservation_ids
        return reservation_id


class CollectedHints:
    """Both queues as one list, in the order of sending."""

    def __init__(self) -> None:
        self.left: list[Hint] = []

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:
        self.left.append(Hint("customer-upsert-retry", tenant_id, reservation_ids, delay))

    def login_repaired(self, tenant_id: str) -> None:
        self.left.append(Hint("login-mended", tenant_id, (), 0))

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        self.left.append(Hint("order-sync", tenant_id, (), delay))


class CollectedMetrics:
    """Every count with its dimensions."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, float, dict[str, str]]] = []

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counted.append((name, value, dimensions))

    def total(self, name: str, **dimensions: str) -> float:
        return sum(
            value
            for counted, value, having in self.counted
            if counted == name and dimensions.items() <= having.items()
        )
