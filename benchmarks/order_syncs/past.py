"""A past that nobody has to live through: items as the real workflow left them, under keys of their own.

What they say is shared (one text for all), what they are found by is not: each stands in the table and in
the indexes by itself, with an item of the real size.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import chain
from typing import Any

from benchmarks.order_syncs.measured import MeteredWorld, booked, synced
from benchmarks.order_syncs.stored_items import Item
from benchmarks.order_syncs.winery import Winery

BOOKINGS_OF_A_GUEST = 4
RESERVATIONS_OF_A_RUN = 1_000
CHUNKS_OF_A_RUN = 40
YEARS = 3
NIGHTS_OF_BOOKS = 4
"""After these nothing more is due."""
LAST_VISIT = date(2026, 5, 31)
"""Before the days that the books of the nights after compare: those cost what the days hold."""
FIRST_NUMBER = 1_400_000_000
"""Below the range that new orders take theirs from."""


def models() -> dict[str, list[Item]]:
    """What one reservation leaves behind in each table once it is synced; a world is made and forgotten."""
    world = MeteredWorld()
    winery = Winery(world)
    winery.take_on()
    booked(winery, 1)
    synced(winery, 1)
    for _ in range(NIGHTS_OF_BOOKS):
        winery.run_checks()
    return {name: list(table) for name, table in world.tables.items()}


def history(winery: Winery, size: int, ledger: list[Item]) -> Iterator[Item]:
    """So many synced reservations of a winery, with their guests, numbers and runs."""
    by_kind = {item["sk"]["S"].partition("#")[0]: item for item in ledger}
    return chain(
        _reservations(winery, size, by_kind["RES"]),
        (_moved(winery, by_kind["NUM"], f"NUM#{FIRST_NUMBER + n}") for n in range(size)),
        (
            _moved(winery, by_kind["CUST"], f"CUST#{sha256(str(n).encode()).hexdigest()}")
            for n in range(size // BOOKINGS_OF_A_GUEST)
        ),
        _runs(winery, size // RESERVATIONS_OF_A_RUN, by_kind["RUN"], by_kind["RUN_RESULTS"]),
    )


def idle(winery: Winery, table: list[Item]) -> Iterator[Item]:
    """Everything that a tenant has, under another tenant's id."""
    for item in table:
        yield _moved(winery, item, item["sk"]["S"])


def _reservations(winery: Winery, size: int, model: Item) -> Iterator[Item]:
    for number in range(size):
        visited = LAST_VISIT - timedelta(days=number % (365 * YEARS))
        id_ = f"h-{number:08d}"
        position = {"position": {"S": f"{visited.isoformat()}#{id_}"}}
        yield _moved(winery, model, f"RES#{id_}") | position


def _runs(winery: Winery, count: int, run: Item, results: Item) -> Iterator[Item]:
    for number in range(count):
        id_ = f"20250101T{number:06d}Z-scheduled"
        yield _moved(winery, run, f"RUN#{id_}")
        yield from (
            _moved(winery, results, f"RUN_RESULTS#{id_}#{chunk:06d}") for chunk in range(CHUNKS_OF_A_RUN)
        )


def _moved(winery: Winery, model: Item, sort: str) -> dict[str, Any]:
    item: dict[str, Any] = {**model, "pk": {"S": winery.partition}, "sk": {"S": sort}}
    if "worklist" in item:
        part = item["worklist"]["S"].rpartition("#")[2]
        item["worklist"] = {"S": f"{winery.partition}#{part}"}
    return item
