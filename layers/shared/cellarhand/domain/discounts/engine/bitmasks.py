"""Sets of rules as integers: bit n is the rule of rank n, so one AND tests all rules at once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import reduce
from itertools import accumulate
from operator import or_


def ranks(mask: int) -> list[int]:
    """The rules in a set, lowest rank first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def first_ranks(mask: int, limit: int) -> list[int]:
    """The `limit` lowest ranks of a set."""
    found: list[int] = []
    while mask and len(found) < limit:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def mask_of(members: Iterable[int]) -> int:
    """The set of these ranks."""
    bits = bytearray()
    for rank in members:
        byte = rank >> 3
        if byte >= len(bits):
            bits.extend(bytes(byte + 1 - len(bits)))
        bits[byte] |= 1 << (rank & 7)
    return int.from_bytes(bits, "little")


def grouped[K](entries: Iterable[tuple[K, int]]) -> dict[K, int]:
    """From pairs of a value and a rank: for each value, the rules that name it."""
    members: dict[K, list[int]] = {}
    for value, rank in entries:
        members.setdefault(value, []).append(rank)
    return {value: mask_of(named) for value, named in members.items()}


def union[K](masks: dict[K, int], values: Iterable[K]) -> int:
    """The rules that name any of these values."""
    found = 0
    for value in values:
        found |= masks.get(value, 0)
    return found


def all_of(masks: Iterable[int]) -> int:
    """The rules in any of these sets."""
    return reduce(or_, masks, 0)


class LowerBounds[V: (int, str)]:
    """Rules, by rank, that require a value of at least a bound. `every`: all rules, bounded or not."""

    def __init__(self, bounds: Iterable[tuple[V, int]], every: int) -> None:
        steps = sorted(grouped(bounds).items())
        self._cuts: list[V] = [cut for cut, _ in steps]
        unbounded = every & ~all_of(bits for _, bits in steps)
        self._masks = list(accumulate((bits for _, bits in steps), or_, initial=unbounded))

    def holding(self, value: V) -> int:
        """The rules whose bound this value meets, and those without a bound."""
        return self._masks[bisect_right(self._cuts, value)]


class UpperBounds[V: (int, str)]:
    """Rules, by rank, that require a value of at most a bound. `every`: all rules, bounded or not."""

    def __init__(self, bounds: Iterable[tuple[V, int]], every: int) -> None:
        steps = sorted(grouped(bounds).items())
        self._cuts: list[V] = [cut for cut, _ in steps]
        unbounded = every & ~all_of(bits for _, bits in steps)
        self._masks = list(accumulate((bits for _, bits in reversed(steps)), or_, initial=unbounded))

    def holding(self, value: V) -> int:
        """The rules whose bound this value meets, and those without a bound."""
        return self._masks[len(self._cuts) - bisect_left(self._cuts, value)]
