"""What one synced reservation costs, from the engine's first word to the order in the CRM.

Counted below the real adapter, for new guests, 1,000 of them in one night's run.
"""

from collections import Counter
from collections.abc import Iterator

from benchmarks.order_syncs.figures import keep
from benchmarks.order_syncs.goals import Goal
from benchmarks.order_syncs.measured import (
    MeteredWorld,
    booked,
    per_reservation,
    reservation_ids,
    synced,
    wait_for_night,
)
from benchmarks.order_syncs.prices import dollars
from benchmarks.order_syncs.spent import (
    CRM_READS,
    CRM_WRITES,
    INDEX_UNITS,
    INVOCATIONS,
    LAMBDA_MS,
    LOG_BYTES,
    READ_UNITS,
    REQUESTS,
    SQS_CALLS,
    WRITE_UNITS,
    Counts,
)
from benchmarks.order_syncs.winery import Winery

COUNT = 1_000

ROWS = (
    WRITE_UNITS,
    INDEX_UNITS,
    READ_UNITS,
    REQUESTS,
    CRM_READS,
    CRM_WRITES,
    SQS_CALLS,
    INVOCATIONS,
    LAMBDA_MS,
    LOG_BYTES,
)

LIMITS = {
    WRITE_UNITS: 11.4,
    INDEX_UNITS: 5.05,
    READ_UNITS: 7.3,
    SQS_CALLS: 0.042,
    INVOCATIONS: 1.016,
    CRM_READS: 2.02,
    CRM_WRITES: 2,
    LAMBDA_MS: 1_270,
    LOG_BYTES: 1_130,
}
"""What is reached now, rounded up a little: it may fall, and never grow unseen."""
DOLLARS = 0.0208
"""Per 1,000, by list price."""
RUN_WRITES = 5.35
RUN_READS = 1.6
"""Units of the run alone, writes of indexes apart."""
BOOKS_READS = 3.1
"""Looking again at what was sent, and the comparison of the night after."""


def goals() -> Iterator[Goal]:
    """P19 of the performance notes, as far as a protocol that never doubles an order can reach it."""
    winery = Winery(MeteredWorld())
    winery.take_on()
    booking = booked(winery, COUNT)
    cpu_ms = -winery.world.cpu_ms
    wait_for_night(winery.world)
    night = synced(winery, COUNT)
    cpu_ms += winery.world.cpu_ms
    books = _books(winery)
    returning = _returning(winery)
    parts = {
        "booking": booking,
        "run": night,
        "together": booking + night,
        "books": books,
        "known guest": returning,
    }
    each = {name: per_reservation(spent, COUNT) for name, spent in parts.items()}
    costs = {name: dollars(Counter(spent)) for name, spent in parts.items()}
    _print(each, costs)
    print(f"\nProcessor time of the run: {cpu_ms / COUNT:.2f} ms a reservation, the metered store's too.")
    keep("costs", {"reservations": COUNT, "each": each, "dollars per 1,000": costs})
    for what, wanted in LIMITS.items():
        yield Goal(f"{what} a synced reservation", round(each["together"][what], 3), wanted)
    yield Goal("write units of the run alone", round(each["run"][WRITE_UNITS], 3), RUN_WRITES)
    yield Goal("read units of the run alone", round(each["run"][READ_UNITS], 3), RUN_READS)
    yield Goal("read units of a night's books", round(each["books"][READ_UNITS], 3), BOOKS_READS)
    yield Goal("$ per 1,000, list price", round(sum(costs["together"].values()), 5), DOLLARS)


def _books(winery: Winery) -> Counts:
    """The night after, when what was sent is looked at again and the books are compared."""
    before = winery.world.spent.reading()
    winery.run_checks()
    return winery.world.spent.since(before)


def _returning(winery: Winery) -> Counts:
    """The same guests once more: known, so nothing is created."""
    before = winery.world.spent.reading()
    for known, reservation_id in zip(reservation_ids(COUNT), reservation_ids(COUNT, COUNT), strict=True):
        if winery.book(reservation_id, f"{known}@example.com")["customer"]["state"] != "linked":
            raise AssertionError("a guest was not known")
    synced(winery, COUNT, COUNT)
    return winery.world.spent.since(before)


def _print(each: dict[str, dict[str, float]], costs: dict[str, dict[str, float]]) -> None:
    names = list(each)
    print(f"\n{COUNT} reservations of new guests, then of the same guests; counts a reservation\n")
    print(f"| | {' | '.join(names)} |\n| --- |{' --: |' * len(names)}")
    for what in ROWS:
        print(f"| {what} | {' | '.join(f'{each[name].get(what, 0):,.3f}' for name in names)} |")
    print(f"\n| $ per 1,000 | {' | '.join(names)} |\n| --- |{' --: |' * len(names)}")
    for part in costs["together"]:
        print(f"| {part} | {' | '.join(f'{costs[name][part]:.5f}' for name in names)} |")
    print(f"| all | {' | '.join(f'{sum(costs[name].values()):.5f}' for name in names)} |")
