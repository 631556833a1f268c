"""The same new work beside 1,000, 100,000 and 1,000,000 synced reservations of the same winery: P20."""

import gc
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.order_syncs.figures import keep
from benchmarks.order_syncs.goals import Goal
from benchmarks.order_syncs.measured import MeteredWorld, booked, synced, wait_for_night
from benchmarks.order_syncs.past import history, models
from benchmarks.order_syncs.spent import LOG_BYTES, READ_UNITS, REQUESTS, WRITE_UNITS, Counts
from benchmarks.order_syncs.stored_items import Item
from benchmarks.order_syncs.winery import Winery

SIZES = (1_000, 100_000, 1_000_000)
NEW = 300
MAX_REQUESTS_OF_AN_EMPTY_RUN = 20


class Measured(NamedTuple):
    """What the work cost, the books of the nights after, and a run that finds nothing; items beside it."""

    work: Counts
    books: Counts
    empty: Counts
    items: int


def goals() -> Iterator[Goal]:
    """No count may differ: of the work, of the books, of a run that finds nothing."""
    ledger = models()["ledger"]
    measured = {size: _measured(size, ledger) for size in SIZES}
    smallest = measured[SIZES[0]]
    _print(measured)
    for size in SIZES[1:]:
        for what, few, many in (
            ("the same new work", smallest.work, measured[size].work),
            ("the books of the nights after", smallest.books, measured[size].books),
            ("a run with nothing new", smallest.empty, measured[size].empty),
        ):
            yield Goal(f"{what}, counts that differ at {size:,}", len(_differing(few, many)), 0)
    yield Goal("requests of a run with nothing new", smallest.empty[REQUESTS], MAX_REQUESTS_OF_AN_EMPTY_RUN)
    keep("histories", {f"{size:,}": _kept(each) for size, each in measured.items()})


def _measured(size: int, ledger: list[Item]) -> Measured:
    world = MeteredWorld()
    winery = Winery(world)
    winery.take_on()
    gc.disable()
    world.tables["ledger"].load(history(winery, size, ledger))
    gc.freeze()
    gc.enable()
    work = booked(winery, NEW)
    wait_for_night(world)
    work += synced(winery, NEW)
    books = _books(winery)
    empty = synced(winery, 0)
    gc.unfreeze()
    return Measured(work, books, empty, len(world.tables["ledger"]))


def _books(winery: Winery) -> Counts:
    before = winery.world.spent.reading()
    winery.run_checks()
    return winery.world.spent.since(before)


def _differing(few: Counts, many: Counts) -> set[str]:
    """Counts that are not the same. A log line's length may differ by a digit, and is not a count."""
    return {what for what in few.keys() | many.keys() if few[what] != many[what]} - {LOG_BYTES}


def _print(measured: dict[int, Measured]) -> None:
    print(f"\n{NEW} new reservations beside a history of synced ones\n")
    print("| history | items | write units | read units | requests | … of the books | … of an empty run |")
    print("| --: | --: | --: | --: | --: | --: | --: |")
    for size, (work, books, empty, items) in measured.items():
        counted = " | ".join(f"{work[what]:,g}" for what in (WRITE_UNITS, READ_UNITS, REQUESTS))
        print(f"| {size:,} | {items:,} | {counted} | {books[REQUESTS]} | {empty[REQUESTS]} |")


def _kept(measured: Measured) -> dict[str, object]:
    named = {"work": measured.work, "books": measured.books, "empty run": measured.empty}
    return {"items": measured.items, **{name: dict(counts) for name, counts in named.items()}}
