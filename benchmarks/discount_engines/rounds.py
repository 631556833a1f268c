"""Timing several engines on the same visits, turn by turn."""

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

type Inputs = Sequence[tuple[Any, ...]]


class Contender(NamedTuple):
    """`call(*arguments)` makes one decision; `prepare` makes the arguments, outside the timing."""

    name: str
    prepare: Callable[[Any], tuple[Any, ...]]
    call: Callable[..., Any]


class Timed(NamedTuple):
    """Microseconds: of each round's mean, on the processor, so that neighbours do not count; and of single
    calls over all rounds, on the wall.
    """

    per_round: list[float]
    p50: float
    p99: float

    @property
    def typical(self) -> float:
        """The median round's mean."""
        return median(self.per_round)


def interleaved(contenders: Sequence[Contender], rounds: Iterable[Sequence[Any]]) -> dict[str, Timed]:
    """Every round brings visits never seen before, the same to all; who goes first rotates."""
    means: dict[str, list[float]] = {each.name: [] for each in contenders}
    single: dict[str, list[int]] = {each.name: [] for each in contenders}
    for number, visits in enumerate(rounds):
        turn = number % len(contenders)
        for each in (*contenders[turn:], *contenders[:turn]):
            inputs = [each.prepare(visit) for visit in visits]
            gc.collect()
            gc.disable()
            half = len(inputs) // 2
            means[each.name].append(_mean(each.call, inputs[:half]))
            single[each.name] += _each(each.call, inputs[half:])
            gc.enable()
    return {name: _timed(means[name], sorted(single[name])) for name in means}


def ratio(slower: Timed, faster: Timed) -> float:
    """How many times faster, by the median of the rounds."""
    return median(a / b for a, b in zip(slower.per_round, faster.per_round, strict=True))


def _mean(call: Callable[..., Any], inputs: Inputs) -> float:
    began = time.thread_time_ns()
    for arguments in inputs:
        call(*arguments)
    return (time.thread_time_ns() - began) / len(inputs) / 1_000


def _each(call: Callable[..., Any], inputs: Inputs) -> list[int]:
    clock = time.perf_counter_ns
    took = []
    for arguments in inputs:
        began = clock()
        call(*arguments)
        took.append(clock() - began)
    return took


def _timed(means: list[float], single: list[int]) -> Timed:
    return Timed(means, single[len(single) // 2] / 1_000, single[len(single) * 99 // 100] / 1_000)
