"""Twenty wineries, one of them in trouble: what the guests and the orders of the others notice of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from tests.fakes.crm import Step
from tests.simulation.crowd.crowd_world import MOST_AT_ONCE, CrowdWorld
from tests.simulation.kernel.wineries import snapshot, take_on
from tests.simulation.kernel.workflow import Scene

WINERIES = 20
BOOKINGS = 20
EVERY = 30.0
"""Seconds between two bookings of one winery."""
SYNCED_AT = 900.0
ENDS = 4 * 3600.0
FLOOD = 100
SICK = "winery-01"
SILENT = 3600.0
"""Seconds: longer than any call of ours waits."""

type Trouble = Callable[[Scene], None]


def none(_: Scene) -> None:
    """All is well."""


def down(scene: Scene) -> None:
    """One CRM turns everything away."""
    scene.world.crms[SICK].always("*", Step.UNAVAILABLE)


def slow(scene: Scene) -> None:
    """One CRM answers nothing, and every call waits as long as it may."""
    scene.world.crms[SICK].always("*", Step.UNAVAILABLE)
    scene.world.crms[SICK].takes = SILENT


def flooding(scene: Scene) -> None:
    """One winery books a hundred times as much as each of the others."""
    for number in range(BOOKINGS + 1, BOOKINGS * FLOOD + 1):
        _book(scene, SICK, number, EVERY * number / FLOOD)


TROUBLES: dict[str, Trouble] = {"down": down, "slow": slow, "flooding": flooding}


@dataclass(frozen=True)
class Noticed:
    """By the others: seconds until a booking is answered, and from a run's start to each of its orders."""

    booking_p99: float
    order_p99: float
    orders: int

    def as_data(self) -> dict[str, object]:
        """For the record."""
        return asdict(self)


def observe(trouble: Trouble, most_at_once: Mapping[str, int] = MOST_AT_ONCE) -> Noticed:
    """Ten minutes of bookings, then a run of each winery: what the healthy ones saw of both."""
    world = CrowdWorld(most_at_once=most_at_once)
    scene = Scene(world)
    tenants = [f"winery-{number:02d}" for number in range(1, WINERIES + 1)]
    with world.log.listening():
        for place, tenant_id in enumerate(tenants):
            take_on(world, tenant_id)
            for number in range(1, BOOKINGS + 1):
                _book(scene, tenant_id, number, EVERY * (number + place / WINERIES))
            scene.after(SYNCED_AT, lambda t=tenant_id: scene.staff.sync(t))
        trouble(scene)
        world.hub.run(ENDS)
    return _noticed(scene, [tenant_id for tenant_id in tenants if tenant_id != SICK])


def _book(scene: Scene, tenant_id: str, number: int, at: float) -> None:
    scene.after(at, lambda: scene.engine.put(tenant_id, f"r-{number:05d}", snapshot(number)))


def _noticed(scene: Scene, healthy: list[str]) -> Noticed:
    told = [each for each in scene.engine.told if each.tenant_id in healthy]
    bookings = [each.accepted_at - each.first_sent_at for each in told if each.accepted_at is not None]
    books = [scene.world.crms[tenant_id] for tenant_id in healthy]
    orders = [at - SYNCED_AT for book in books for at in book.orders_came_at]
    return Noticed(_p99(bookings), _p99(orders), len(orders))


def _p99(seconds: list[float]) -> float:
    return round(sorted(seconds)[int(len(seconds) * 0.99)], 3)
