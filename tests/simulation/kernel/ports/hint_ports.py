"""Hints across the seam, into queues that may lose, double and delay them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.simulation.kernel.faults.faults import Family, Kind
from tests.simulation.kernel.ports.call import Call
from tests.simulation.kernel.ports.record_ports import unavailable
from tests.simulation.kernel.ports.seam import Seam

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.platform import Queue

MAX_DELAY = 900.0


class CrossingHints:
    """Fills `Hints`."""

    def __init__(self, seam: Seam, queues: "Mapping[str, Queue]") -> None:
        self._seam = seam
        self._queues = queues

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:
        body = {"tenant_id": tenant_id, "reservation_ids": reservation_ids}
        self._leave("customer_upsert", "customer_upsert_retry", body, delay)

    def login_repaired(self, tenant_id: str) -> None:
        body = {"tenant_id": tenant_id, "reservation_ids": [], "login_repaired": True}
        self._leave("login_repaired", "customer_upsert_retry", body, 0)

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        self._leave("order_sync", "order_sync_runner", {"tenant_id": tenant_id}, delay)

    def _leave(self, name: str, function: str, body: dict[str, Any], delay: float) -> None:
        waits = min(delay, MAX_DELAY)

        def send(copies: int = 1, later: float = 0.0) -> None:
            for _ in range(copies):
                self._queues[function].send(body, waits + later)

        variants = {
            Kind.DUPLICATE_DELIVERY: lambda: send(copies=3),
            Kind.LATE: lambda: send(later=600.0),
            Kind.LOST: lambda: None,
        }
        call = Call(f"hints.{name}", Family.HINT, send, unavailable, unavailable, variants=variants)
        self._seam.cross(call)
