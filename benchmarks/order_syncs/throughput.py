"""Orders a second against the speed that the CRM itself allows: calls in flight by its mean latency.

Real threads, the real runner, a store as far away as DynamoDB, and a CRM that only sleeps. The clock runs
from the hint to the end of the run, about as long as one invocation works, so that all which is no order
counts against us: asking for the SKUs, the first page, the last call, keeping the results.
"""

from collections.abc import Callable, Iterator
from math import log
from random import Random
from typing import NamedTuple

from benchmarks.order_syncs.busy_crm import BusyCrm
from benchmarks.order_syncs.goals import Goal
from benchmarks.order_syncs.live_winery import LiveWinery
from cellarhand.domain.tenants.settings import CrmAllowance

MEDIAN = 0.150
TAIL = log(3) / 2.3263
"""The log-normal spread at which one call in a hundred takes three times the median."""

MAX_ATTEMPTS = 3

type Latencies = Callable[[], Iterator[float]]


class Course(NamedTuple):
    """What is measured: `calls_deep` times as many orders as calls may be in flight."""

    what: str
    in_flight: int
    latencies: Latencies
    wanted: float
    calls_deep: int
    per_second: float | None = None


def constant() -> Iterator[float]:
    """Every call takes the same."""
    while True:
        yield MEDIAN


def heavy_tail() -> Iterator[float]:
    """Most calls take the median, some many times as long."""
    random = Random(20)  # noqa: S311 - one seed must be one course
    while True:
        yield random.lognormvariate(log(MEDIAN), TAIL)


COURSES = (
    Course("150 ms each", 2, constant, 0.97, calls_deep=160),
    Course("150 ms each", 8, constant, 0.97, calls_deep=160),
    Course("heavy tail", 2, heavy_tail, 0.93, calls_deep=80),
    Course("heavy tail", 8, heavy_tail, 0.93, calls_deep=80),
    Course("150 ms each, 20 a second", 8, constant, 0.97, calls_deep=60, per_second=20),
)


def goals() -> Iterator[Goal]:
    """One table, and for each of its lines the share of the bound and what was above the allowance."""
    print("\n| throughput | in flight | orders | seconds | orders/s | at best | share | most in flight |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")
    _wake_up()
    for course in COURSES:
        yield from _measured(course)


def _wake_up() -> None:
    """What a process imports for its first run is no matter of throughput."""
    winery = LiveWinery(BusyCrm(constant()), CrmAllowance())
    winery.book(1)
    winery.work_off()


class Attempt(NamedTuple):
    """What one working off of the backlog came to."""

    share: float
    above: float
    wrong: int


def _measured(course: Course) -> Iterator[Goal]:
    """Once more if it falls short: a machine that is busy with other things takes time that is not ours."""
    attempts = [_attempt(course)]
    while attempts[-1].share < course.wanted and len(attempts) < MAX_ATTEMPTS:
        attempts.append(_attempt(course))
    best = max(attempt.share for attempt in attempts)
    name = f"{course.what}, {course.in_flight} in flight"
    yield Goal(f"{name}: share of what the CRM allows", best, course.wanted, at_least=True)
    yield Goal(f"{name}: calls above the allowance", max(attempt.above for attempt in attempts), 0)
    yield Goal(f"{name}: orders lost or doubled", sum(attempt.wrong for attempt in attempts), 0)


def _attempt(course: Course) -> Attempt:
    crm = BusyCrm(course.latencies())
    allowance = CrmAllowance(orders=course.in_flight, orders_per_second=course.per_second)
    winery = LiveWinery(crm, allowance)
    count = course.in_flight * course.calls_deep
    winery.book(count)
    took = winery.work_off()
    least = max(_least_by_window(course, crm, count), _least_by_pace(allowance, count))
    print(
        f"| {course.what} | {course.in_flight} | {count} | {took:.2f} | {count / took:.2f}"
        f" | {count / least:.2f} | {least / took:.3f} | {crm.most_in_flight} |"
    )
    return Attempt(least / took, _above(crm, allowance), _wrong(crm, count))


def _least_by_window(course: Course, crm: BusyCrm, count: int) -> float:
    """Seconds, with a call in every place all the time."""
    return count * crm.mean_latency / course.in_flight


def _least_by_pace(allowance: CrmAllowance, count: int) -> float:
    """Seconds, with what is saved up leaving at once and the rest as it comes in."""
    pace = allowance.order_rate
    return (count - pace.burst) / pace.per_second if pace else 0.0


def _above(crm: BusyCrm, allowance: CrmAllowance) -> float:
    """Calls too many at once, or in any span of time."""
    at_once = max(0, crm.most_in_flight - allowance.orders)
    return max(at_once, crm.most_above(*allowance.order_rate) if allowance.order_rate else 0)


def _wrong(crm: BusyCrm, count: int) -> int:
    numbers = [order.order_number for order in crm.orders]
    return abs(count - len(numbers)) + len(numbers) - len(set(numbers))
