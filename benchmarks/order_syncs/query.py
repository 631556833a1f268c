"""The three queries that the adapter makes: a partition by the beginning of its keys, and both indexes."""

from bisect import bisect_left, bisect_right
from typing import Any, NamedTuple

from benchmarks.order_syncs.stored_items import INDEXES, Item, Place, StoredItems, entry_of
from benchmarks.order_syncs.units import item_size

MAX_PAGE = 1024 * 1024
"""Bytes that one page of a query reads at most ("Paginating table query results", developer guide)."""

AFTER_ALL = "\U0010ffff"
"""Sorts after whatever a prefix is followed by."""

type Bounds = tuple[str, str, str, str]


class Found(NamedTuple):
    """One page: what was read, its bytes, whose it was, and where the next one begins."""

    items: list[Item]
    size: int
    partitions: set[str]
    last_key: Item | None


def found(table: StoredItems, request: dict[str, Any]) -> Found:
    """As DynamoDB: a page ends at the limit even where nothing follows."""
    index, partition, first, last = _bounds(request)
    lines, low, high = table.between(index, partition, first, last)
    backwards = not request.get("ScanIndexForward", True)
    if start := request.get("ExclusiveStartKey"):
        low, high = _moved(lines, low, high, _place(index, start), backwards=backwards)
    places = range(high - 1, low - 1, -1) if backwards else range(low, high)
    items: list[Item] = []
    size = 0
    for number in places:
        if len(items) >= request["Limit"] or size >= MAX_PAGE:
            break
        item = table.at(lines[number])
        items.append(_projected(index, item))
        size += item_size(items[-1])
    ended_early = len(items) == request["Limit"] or len(items) < len(places)
    last_key = _start_key(index, items[-1]) if items and ended_early else None
    return Found(items, size, {item["pk"]["S"] for item in items} or {partition}, last_key)


def _bounds(request: dict[str, Any]) -> Bounds:
    """Index ("" for the table), partition, and the first and last order."""
    values = {name: value["S"] for name, value in request["ExpressionAttributeValues"].items()}
    match request["KeyConditionExpression"]:
        case "pk = :pk AND begins_with(sk, :prefix)":
            return "", values[":pk"], values[":prefix"], values[":prefix"] + AFTER_ALL
        case "worklist = :name AND #position BETWEEN :start AND :end":
            return "worklist", values[":name"], values[":start"], values[":end"]
        case "due_shard = :shard AND due < :until":
            return "due", values[":shard"], "", values[":until"]
        case other:
            raise ValueError(f"nobody knows this query: {other}")


def _moved(lines: list[Place], low: int, high: int, start: Place, *, backwards: bool) -> tuple[int, int]:
    if backwards:
        return low, min(high, bisect_left(lines, start))
    return max(low, bisect_right(lines, start)), high


def _place(index: str, key: Item) -> Place:
    order = INDEXES[index][1] if index else "sk"
    return key[order]["S"], key["pk"]["S"], key["sk"]["S"]


def _projected(index: str, item: Item) -> Item:
    return (entry_of(index, item) or {}) if index else item


def _start_key(index: str, item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk", *(INDEXES[index] if index else ()))}
