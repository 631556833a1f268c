"""The metered store and the emulator, given the same work: every figure that both can tell must be the same.

Not to be compared, since the emulator does not weigh it: read units by size, and the cost of a refused write.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks.order_syncs.emulated import TABLES, EmulatedWorld
from benchmarks.order_syncs.figures import keep
from benchmarks.order_syncs.goals import Goal
from benchmarks.order_syncs.measured import MeteredWorld, booked, synced, wait_for_night
from benchmarks.order_syncs.spent import INDEX_UNITS, REQUESTS, WRITE_UNITS, Counts
from benchmarks.order_syncs.stored_items import INDEXES, Item, entry_of
from benchmarks.order_syncs.units import item_size
from benchmarks.order_syncs.winery import Winery
from benchmarks.order_syncs.world import World
from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import start_emulator, stop_emulator
from sandbox.machine.ports import free_port
from tests.fakes.aws import forget_clients

COUNT = 1_000

OPERATIONS = ("get_item", "batch_get_item", "put_item", "transact_write_items", "query")
FIGURES = (REQUESTS, *OPERATIONS, WRITE_UNITS, INDEX_UNITS, *(f"{index} {INDEX_UNITS}" for index in INDEXES))

type Holdings = dict[str, list[Item]]


class Compared(NamedTuple):
    """One figure, by both."""

    what: str
    metered: float
    emulated: float


def goals() -> Iterator[Goal]:
    """Nothing may differ."""
    with emulator():
        compared, differing = compare(COUNT)
    print(f"\n{COUNT} reservations on the metered store and on the emulator\n")
    print("| | metered | emulator |\n| --- | --: | --: |")
    for what, metered, emulated in compared:
        print(f"| {what} | {metered:,g} | {emulated:,g} |")
    different = sum(each.metered != each.emulated for each in compared)
    yield Goal("figures by which the emulator differs", different, 0)
    yield Goal("items and index entries by which it differs", differing, 0)
    keep("agreement", {what: {"metered": m, "emulator": e} for what, m, e in compared})


def compare(count: int) -> tuple[list[Compared], int]:
    """Figures by both, and how many items and entries are not the same in every byte."""
    metered = MeteredWorld()
    spent = _work(metered, count)
    held = {name: list(table) for name, table in metered.tables.items()}
    of_indexes = {index: _entries(index, held["ledger"]) for index in INDEXES}
    emulated = EmulatedWorld()
    theirs = _work(emulated, count)
    found = {name: list(emulated.items(name)) for name in TABLES}
    in_indexes = {index: list(emulated.entries("ledger", index)) for index in INDEXES}
    figures = [Compared(what, spent[what], theirs[what]) for what in FIGURES]
    figures += [*_weighed("table", held, found), *_weighed("index", of_indexes, in_indexes)]
    return figures, _differing(held, found) + _differing(of_indexes, in_indexes)


@contextmanager
def emulator() -> Iterator[None]:
    """One of our own that keeps nothing; boto3 speaks to it."""
    port = free_port()
    running = start_emulator(None, port)
    before = os.environ.copy()
    os.environ |= {
        "AWS_ENDPOINT_URL": running.endpoint_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    forget_clients()
    try:
        yield
    finally:
        forget_clients()
        os.environ.clear()
        os.environ |= before
        stop_emulator(port)


def _work(world: World, count: int) -> Counts:
    winery = Winery(world)
    winery.take_on()
    before = world.spent.reading()
    booked(winery, count)
    wait_for_night(world)
    synced(winery, count)
    return world.spent.since(before)


def _entries(index: str, items: list[Item]) -> list[Item]:
    return [entry for item in items if (entry := entry_of(index, item))]


def _weighed(kind: str, ours: Holdings, theirs: Holdings) -> Iterator[Compared]:
    for name in ours:
        yield Compared(f"items in the {kind} {name}", len(ours[name]), len(theirs[name]))
        sizes = (sum(item_size(item) for item in items) for items in (ours[name], theirs[name]))
        yield Compared(f"bytes in the {kind} {name}", *sizes)


def _differing(ours: Holdings, theirs: Holdings) -> int:
    return sum(
        len({_whole(item) for item in ours[name]} ^ {_whole(item) for item in theirs[name]}) for name in ours
    )


def _whole(item: Item) -> str:
    return repr(sorted(item.items()))
