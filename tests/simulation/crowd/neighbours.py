"""One winery of twenty in trouble: what the guests and the orders of the others notice of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from tests.fakes.crm import Step
from tests.simulation.crowd.crowd_world import PRODUCTION, CrowdWorld
from tests.simulation.kernel.judge.crm_book import CrmBook
from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import Scene

WINERIES = 20
BOOKINGS = 20
EVERY = 30.0
"""Seconds between two bookings of one winery."""
SYNCED_AT = 900.0
ENDS = 4 * 3600.0
FLOOD = 100
BARELY_IN_TIME = 0.1
"""Seconds before our client hangs up."""
SILENT = 3600.0
"""Seconds: longer than any call of ours waits."""
MAX_TIMES_AS_LATE = 1.2
MIN_THROUGHPUT = 0.95

type Trouble = Callable[[Scene, str], None]


def quiet(_: Scene, tenant_id: str) -> None:
    """All is well."""


def down(scene: Scene, tenant_id: str) -> None:
    """The CRM turns everything away at once."""
    scene.world.crms[tenant_id].always("*", Step.UNAVAILABLE)


def slow(scene: Scene, tenant_id: str) -> None:
    """The CRM answers well, but as late as a sync run still waits for: no breaker is to open for that."""
    scene.world.crms[tenant_id].takes = scene.world.timers.crm_write - BARELY_IN_TIME


def silent(scene: Scene, tenant_id: str) -> None:
    """The CRM answers nothing, and every call waits as long as it may."""
    scene.world.crms[tenant_id].always("*", Step.UNAVAILABLE)
    scene.world.crms[tenant_id].takes = SILENT


def flooding(scene: Scene, tenant_id: str) -> None:
    """It books a hundred times as much as each of the others."""
    for number in range(BOOKINGS + 1, BOOKINGS * FLOOD + 1):
        _book(scene, tenant_id, number, EVERY * number / FLOOD)


TROUBLES: dict[str, Trouble] = {"down": down, "slow": slow, "silent": silent, "flooding": flooding}


@dataclass(frozen=True)
class Noticed:
    """By the others: seconds until a booking is answered, and from the runs' start to each of their orders.

    `orders_a_minute` until the last of them; `orders_of_the_sick`: of those in trouble, within four hours.
    """

    booking_p99: float
    order_p99: float
    orders: int
    orders_a_minute: float
    orders_of_the_sick: int

    def is_little_beside(self, usual: "Noticed") -> bool:
        """Whether the others have what they are promised, against a day on which all is well."""
        return (
            self.booking_p99 <= MAX_TIMES_AS_LATE * usual.booking_p99
            and self.order_p99 <= MAX_TIMES_AS_LATE * usual.order_p99
            and self.orders_a_minute >= MIN_THROUGHPUT * usual.orders_a_minute
            and self.orders == usual.orders
        )

    def beside(self, usual: "Noticed") -> dict[str, object]:
        """For the record: what was measured, and how it stands to a day on which all is well."""
        return asdict(self) | {
            "booking_p99_ratio": round(self.booking_p99 / usual.booking_p99, 3),
            "order_p99_ratio": round(self.order_p99 / usual.order_p99, 3),
            "throughput_share": round(self.orders_a_minute / usual.orders_a_minute, 3),
        }


def observe(
    trouble: Trouble, most_at_once: Mapping[str, int] = PRODUCTION, wineries: int = WINERIES
) -> Noticed:
    """Ten minutes of bookings, then a run of each winery; every twentieth is in trouble all along."""
    world = CrowdWorld(most_at_once=most_at_once)
    scene = Scene(world)
    tenants = [f"winery-{number:02d}" for number in range(1, wineries + 1)]
    sick = tenants[::WINERIES]
    with world.log.listening():
        for place, tenant_id in enumerate(tenants):
            take_on(world, tenant_id)
            for number in range(1, BOOKINGS + 1):
                _book(scene, tenant_id, number, EVERY * (number + place / wineries))
            scene.after(SYNCED_AT, lambda t=tenant_id: scene.staff.sync(t))
        for tenant_id in sick:
            trouble(scene, tenant_id)
        world.hub.run(ENDS)
    return _noticed(scene, sick)


def _book(scene: Scene, tenant_id: str, number: int, at: float) -> None:
    scene.after(at, lambda: scene.engine.put(tenant_id, f"r-{number:05d}", snapshot(number)))


def _noticed(scene: Scene, sick: list[str]) -> Noticed:
    told = [each for each in scene.engine.told if each.tenant_id not in sick]
    bookings = [each.accepted_at - each.first_sent_at for each in told if each.accepted_at is not None]
    crms = scene.world.crms
    orders = _orders([book for tenant_id, book in crms.items() if tenant_id not in sick])
    per_minute = round(len(orders) / max(orders) * 60, 1)
    orders_of_the_sick = len(_orders([crms[tenant_id] for tenant_id in sick]))
    return Noticed(_p99(bookings), _p99(orders), len(orders), per_minute, orders_of_the_sick)


def _orders(books: list[CrmBook]) -> list[float]:
    """Seconds from the runs' start to each order."""
    return [at - SYNCED_AT for book in books for at in book.orders_came_at]


def _p99(seconds: list[float]) -> float:
    return round(sorted(seconds)[int(len(seconds) * 0.99)], 3)
