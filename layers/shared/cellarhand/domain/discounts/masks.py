"""Sets of rules as integers: bit n is the rule of rank n. One AND asks all rules one question."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import or_


def ranks(mask: int) -> Iterator[int]:
    """The rules in a set, lowest rank first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def grouped[K](entries: Iterable[tuple[K, int]]) -> dict[K, int]:
    """For each value, the rules that name it."""
    masks: dict[K, int] = {}
    for value, bit in entries:
        masks[value] = masks.get(value, 0) | bit
    return masks


def union[K](masks: dict[K, int], values: Iterable[K]) -> int:
    """The rules that name any of these values."""
    found = 0
    for value in values:
        found |= masks.get(value, 0)
    return found


class LowerBounds[V: (int, str)]:
    """Rules that want a value of at least so much. `every`: all rules, bounded or not."""

    def __init__(self, bounds: Iterable[tuple[V, int]], every: int) -> None:
        steps = sorted(bounds)
        self._cuts: list[V] = [cut for cut, _ in steps]
        unbounded = every & ~_all(bit for _, bit in steps)
        self._masks = list(accumulate((bit for _, bit in steps), or_, initial=unbounded))

    def holding(self, value: V) -> int:
        """The rules content with this value."""
        return self._masks[bisect_right(self._cuts, value)]


class UpperBounds[V: (int, str)]:
    """Rules that want a value of at most so much. `every`: all rules, bounded or not."""

    def __init__(self, bounds: Iterable[tuple[V, int]], every: int) -> None:
        steps = sorted(bounds)
        self._cuts: list[V] = [cut for cut, _ in steps]
        unbounded = every & ~_all(bit for _, bit in steps)
        self._masks = list(accumulate((bit for _, bit in reversed(steps)), or_, initial=unbounded))

    def holding(self, value: V) -> int:
        """The rules content with this value."""
        return self._masks[len(self._cuts) - bisect_left(self._cuts, value)]


def _all(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found
