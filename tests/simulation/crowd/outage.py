"""All CRMs away for a day, while bookings go on: nothing is lost, doubled or given up; then all drains."""

from dataclasses import asdict, dataclass

from tests.fakes.crm import Step
from tests.simulation.crowd.crowd_world import CrowdWorld
from tests.simulation.kernel.judge.justice import safety
from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import Scene

HOUR = 3600.0
LASTS = 24 * HOUR
LAST_BOOKING = 23 * HOUR
MAX_TO_DRAIN = 4 * HOUR
ALLOWED = {
    "orders": 2,
    "customers": 1,
    "orders_per_second": 0.5,
    "customers_per_second": 0.5,
}
"""One call a second in all; an order call and a guest's may be out at the same time."""


@dataclass(frozen=True)
class Outage:
    """What came of it. Times in hours after the CRMs are back; calls are those that reached a CRM."""

    wineries: int
    reservations: int
    synced: int
    lost: int
    doubled: int
    dead_letters: int
    wrong: tuple[str, ...]
    drained_after: float
    calls_while_away_per_winery: float
    calls_afterwards_per_reservation: float
    most_calls_a_second: float

    def as_data(self) -> dict[str, object]:
        """For the record."""
        return asdict(self)


def suffer(wineries: int, reservations_each: int, seed: int = 0) -> Outage:
    """Simulate the day, and what comes after."""
    world = CrowdWorld(seed)
    scene = Scene(world)
    tenants = [f"winery-{number:03d}" for number in range(1, wineries + 1)]
    with world.log.listening():
        for tenant_id in tenants:
            take_on(world, tenant_id, crm_allowance=ALLOWED)
            world.watch(tenant_id)
            world.crms[tenant_id].always("*", Step.UNAVAILABLE)
            _book(scene, tenant_id, reservations_each)
        world.hub.run(LASTS)
        calls_away = sum(len(book.calls) for book in world.crms.values())
        for tenant_id in tenants:
            world.crms[tenant_id].always("*", Step.NORMAL)
        world.hub.run(LASTS + 2 * MAX_TO_DRAIN)
    return _told(scene, calls_away)


def _book(scene: Scene, tenant_id: str, count: int) -> None:
    """Spread over the day; staff start a run when everything is booked, and the CRM still away."""
    for number in range(1, count + 1):
        at = LAST_BOOKING * number / count
        scene.after(at, lambda n=number: scene.engine.put(tenant_id, f"r-{n:04d}", snapshot(n)))
    scene.after(LAST_BOOKING + 60, lambda: scene.staff.sync(tenant_id))


def _told(scene: Scene, calls_away: int) -> Outage:
    world = scene.world
    books = world.crms.values()
    accepted = scene.engine.newest().values()
    orders = sum(len(book.orders) for book in books)
    ordered = {(id_, order.order_number.number) for id_, book in world.crms.items() for order in book.orders}
    lost = [told for told in accepted if (told.tenant_id, told.body["number"]) not in ordered]
    calls = sum(len(book.calls) for book in books) - calls_away
    last = max((at for book in books for at in book.orders_came_at), default=LASTS)
    return Outage(
        wineries=len(world.crms),
        reservations=len(accepted),
        synced=orders,
        lost=len(lost),
        doubled=orders - len(ordered),
        dead_letters=sum(len(queue.dead_letters) for queue in world.queues.values()),
        wrong=tuple(safety(scene)),
        drained_after=round((last - LASTS) / HOUR, 2),
        calls_while_away_per_winery=round(calls_away / len(world.crms), 1),
        calls_afterwards_per_reservation=round(calls / max(1, len(accepted)), 3),
        most_calls_a_second=max(_busiest(times) for times in world.called_at.values()),
    )


def _busiest(times: list[float], window: float = 60.0) -> float:
    """Calls a second in the busiest minute."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] < at - window:
            first += 1
        most = max(most, last - first + 1)
    return round(most / window, 2)
