"""The items of one table, and its indexes, in the order of their keys: nothing is ever searched through."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

type Item = Mapping[str, Any]
type Place = tuple[str, ...]

INDEXES = {"due": ("due_shard", "due"), "worklist": ("worklist", "position")}
"""As in `template.yaml`: both hold keys only."""


class StoredItems:
    """Items by (pk, sk); of an index by its partition, order, and then the item's own key."""

    def __init__(self) -> None:
        self._items: dict[Place, Item] = {}
        self._sorted: dict[tuple[str, str], list[Place]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def get(self, pk: str, sk: str) -> Item | None:
        """One item."""
        return self._items.get((pk, sk))

    def put(self, item: Item) -> None:
        """In place of the one with its key, in the table and in each index."""
        self.remove(*_key(item))
        self._items[_key(item)] = item
        for lines, place in self._places(item):
            insort(lines, place)

    def remove(self, pk: str, sk: str) -> None:
        """One item, if it is there."""
        item = self._items.pop((pk, sk), None)
        if item is not None:
            for lines, place in self._places(item):
                del lines[bisect_left(lines, place)]

    def load(self, items: Iterable[Item]) -> None:
        """Many new items, sorted once: a past that nobody has to live through."""
        for item in items:
            self._items[_key(item)] = item
            for lines, place in self._places(item):
                lines.append(place)
        for lines in self._sorted.values():
            lines.sort()

    def between(self, index: str, partition: str, first: str, last: str) -> tuple[list[Place], int, int]:
        """The sorted places of a partition, and from where to where their order is from first to last."""
        lines = self._sorted.get((index, partition), [])
        return lines, bisect_left(lines, (first,)), bisect_right(lines, last, key=lambda place: place[0])

    def at(self, place: Place) -> Item:
        """Whose place it is."""
        return self._items[place[-2:]]

    def _places(self, item: Item) -> Iterator[tuple[list[Place], Place]]:
        pk, sk = _key(item)
        yield self._sorted["", pk], (sk, pk, sk)
        for index, (partition, order) in INDEXES.items():
            if entry := entry_of(index, item):
                yield self._sorted[index, entry[partition]["S"]], (entry[order]["S"], pk, sk)


def entry_of(index: str, item: Item | None) -> Item | None:
    """What an index that projects keys only holds of an item; None where the item is not in it."""
    partition, order = INDEXES[index]
    if item is None or partition not in item or order not in item:
        return None
    return {name: item[name] for name in ("pk", "sk", partition, order)}


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
