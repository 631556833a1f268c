"""Worlds to measure in, and work to be measured."""

from benchmarks.order_syncs.metered_records import MeteredRecords, metered_tables
from benchmarks.order_syncs.spent import Counts, Spent
from benchmarks.order_syncs.stored_items import StoredItems
from benchmarks.order_syncs.virtual_time import VirtualTime
from benchmarks.order_syncs.winery import Winery
from benchmarks.order_syncs.world import World

UNTIL_THE_NIGHT = 4 * 3600
"""Seconds. After them the run looks once more for a guest whom we created."""


class MeteredWorld(World):
    """Every table is metered; the functions run in it from now on."""

    def __init__(self) -> None:
        spent, time = Spent(), VirtualTime()
        client = metered_tables(spent, time)
        super().__init__(spent, time, lambda name, clock, tokens: MeteredRecords(name, clock, tokens, client))
        self.tables: dict[str, StoredItems] = client.tables
        self.enter()


def booked(winery: Winery, count: int, first: int = 0) -> Counts:
    """So many reservations of new guests; answers what they cost."""
    before = winery.world.spent.reading()
    for reservation_id in reservation_ids(count, first):
        answer = winery.book(reservation_id, f"{reservation_id}@example.com")
        if answer["customer"]["state"] != "created":
            raise AssertionError(answer)
    return winery.world.spent.since(before)


def wait_for_night(world: World) -> None:
    """Let the hours pass between the last booking and the run."""
    world.clock.pause(UNTIL_THE_NIGHT)


def synced(winery: Winery, count: int, first: int = 0) -> Counts:
    """One night's run; answers what it cost, once everything is an order."""
    before = winery.world.spent.reading()
    winery.sync()
    spent = winery.world.spent.since(before)
    winery.check_synced(reservation_ids(count, first))
    return spent


def reservation_ids(count: int, first: int = 0) -> list[str]:
    """Ids of one length."""
    return [f"r-{number:08d}" for number in range(first, first + count)]


def per_reservation(spent: Counts, count: int) -> dict[str, float]:
    """Divided by how many there were."""
    return {what: amount / count for what, amount in spent.items()}
