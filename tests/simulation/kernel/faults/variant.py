"""What is weakened in a run, to see whether the simulation notices."""

from collections.abc import Callable
from typing import NamedTuple

from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.workers import Workers
from tests.fakes.outside import TIMERS
from tests.simulation.kernel.platform.hub import Hub
from tests.simulation.kernel.ports.workers import TaskWorkers


class Variant(NamedTuple):
    """`true` are the bounds that hold in the world, `believed` those that our code is told."""

    true: Timers = TIMERS
    believed: Timers = TIMERS
    workers: Callable[[Hub], Workers] = TaskWorkers


AS_BUILT = Variant()
