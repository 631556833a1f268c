"""The same busy wineries beside 10, 1,000 and 100,000 idle ones: P21."""

import gc
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from benchmarks.order_syncs.figures import keep
from benchmarks.order_syncs.goals import Goal
from benchmarks.order_syncs.measured import MeteredWorld, booked, per_reservation, synced, wait_for_night
from benchmarks.order_syncs.past import idle, models
from benchmarks.order_syncs.spent import (
    INDEX_UNITS,
    LAMBDA_MS,
    READ_UNITS,
    REQUESTS,
    SQS_CALLS,
    WRITE_UNITS,
    Counts,
)
from benchmarks.order_syncs.stored_items import Item
from benchmarks.order_syncs.winery import Winery
from benchmarks.order_syncs.world import SWEEPER
from cellarhand.adapters.dynamodb.items import shard_name, sortable
from cellarhand.domain.records import DUE_SHARDS, Key, due_shard
from functions.sweeper import app as sweeper

IDLE = (10, 1_000, 100_000)
BUSY = {10: 10, 1_000: 100, 100_000: 100}
EACH = 20
DUE = 400
COMPARED = (WRITE_UNITS, INDEX_UNITS, READ_UNITS, REQUESTS, SQS_CALLS, LAMBDA_MS)
SECONDS = 60
"""Of processor time, which the run with 100,000 may take here."""


class Measured(NamedTuple):
    """Per reservation; of one sweep with nothing due, and with much; and operations on idle tenants."""

    each: dict[str, float]
    quiet_sweep: Counts
    full_sweep: Counts
    on_idle: int
    seconds: float


def goals() -> Iterator[Goal]:
    """What a reservation costs may not hang on who else is there."""
    tables = models()
    measured = {count: _measured(count, tables) for count in IDLE}
    few = measured[IDLE[0]]
    _print(measured)
    for count in IDLE[1:]:
        off = max(abs(measured[count].each[what] / few.each[what] - 1) for what in COMPARED)
        yield Goal(f"{count:,} idle tenants, % that counts differ by", round(off * 100, 3), 1)
    yield Goal("operations on idle tenants", max(each.on_idle for each in measured.values()), 0)
    many = measured[IDLE[-1]]
    yield Goal("requests of a sweep with nothing due", many.quiet_sweep[REQUESTS], DUE_SHARDS)
    yield Goal(f"requests of a sweep with {DUE} due", many.full_sweep[REQUESTS], DUE_SHARDS)
    yield Goal("hints of such a sweep, SQS calls", many.full_sweep[SQS_CALLS], 3 * BUSY[IDLE[-1]])
    yield Goal("processor seconds of the run with 100,000", round(many.seconds, 1), SECONDS)
    keep("idle tenants", {f"{count:,}": each._asdict() for count, each in measured.items()})


def _measured(count: int, tables: dict[str, list[Item]]) -> Measured:
    began = time.process_time()
    world = MeteredWorld()
    busy = [Winery(world, number) for number in range(BUSY[count])]
    asleep = [Winery(world, number) for number in range(len(busy), len(busy) + count)]
    gc.disable()
    for name, items in tables.items():
        world.tables[name].load(chain.from_iterable(idle(winery, items) for winery in asleep))
    gc.freeze()
    gc.enable()
    for winery in busy:
        winery.take_on()
    world.spent.touched.clear()
    before = world.spent.reading()
    for winery in busy:
        booked(winery, EACH)
    wait_for_night(world)
    for winery in busy:
        synced(winery, EACH)
    spent = per_reservation(world.spent.since(before), EACH * len(busy))
    quiet = _sweep(world)
    _put_off(world, busy, tables["ledger"])
    full = _sweep(world)
    gc.unfreeze()
    on_idle = sum(world.spent.touched[winery.partition] for winery in asleep)
    return Measured(spent, quiet, full, on_idle, time.process_time() - began)


def _sweep(world: MeteredWorld) -> Counts:
    before = world.spent.reading()
    world.invoke(SWEEPER, sweeper.lambda_handler, {})
    return world.spent.since(before)


def _put_off(world: MeteredWorld, busy: list[Winery], ledger: list[Item]) -> None:
    """Guests whose upsert is due, in every busy winery."""
    [model] = [item for item in ledger if item["sk"]["S"].startswith("RES#")]
    since = sortable(world.clock.now() - timedelta(minutes=5))
    for number in range(DUE):
        winery = busy[number % len(busy)]
        key = Key(winery.partition, f"RES#d-{number:08d}")
        due = {
            "pk": {"S": key.partition},
            "sk": {"S": key.sort},
            "due_shard": {"S": shard_name(due_shard(key))},
            "due": {"S": f"{since}#{key.partition}#{key.sort}"},
        }
        world.tables["ledger"].put({**model, **due})


def _print(measured: dict[int, Measured]) -> None:
    print(f"\n{EACH} new reservations in each busy winery, beside idle ones; counts a reservation\n")
    print(f"| idle | busy | {' | '.join(COMPARED)} | sweep, nothing due | sweep, {DUE} due | seconds |")
    print(f"| --: | --: |{' --: |' * len(COMPARED)} --: | --: | --: |")
    for count, each in measured.items():
        counted = " | ".join(f"{each.each[what]:.3f}" for what in COMPARED)
        sweeps = f"{each.quiet_sweep[READ_UNITS]:g} read units | {each.full_sweep[READ_UNITS]:g} read units"
        print(f"| {count:,} | {BUSY[count]} | {counted} | {sweeps} | {each.seconds:.1f} |")
