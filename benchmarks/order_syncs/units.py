"""DynamoDB's own rules of what an item weighs and what a request costs, in request units.

Sources, all of the DynamoDB developer guide: "DynamoDB item sizes and formats"
(CapacityUnitCalculations.html), "DynamoDB read and write operations" (read-write-operations.html), and
"Provisioned throughput considerations for global secondary indexes" (GSI.html). On demand, one read or write
*request* unit is what one capacity unit is there.
"""

import math
from collections.abc import Mapping
from typing import Any

type Item = Mapping[str, Any]

READ_BLOCK = 4096
WRITE_BLOCK = 1024
TRANSACTION_FACTOR = 2
"""Preparing and committing each cost a unit. The guide says so of tables, and nothing of their indexes: they
are counted once here."""


def item_size(item: Item) -> int:
    """Bytes: names and values together.

    Texts and names in UTF-8, bytes as they are; a number takes a byte for two significant digits, and one.
    """
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def write_units(before: Item | None, after: Item | None) -> int:
    """Of one write: the larger of what was there and what is there, in blocks begun. One at least."""
    sizes = [item_size(item) for item in (before, after) if item]
    return max(1, math.ceil(max(sizes, default=0) / WRITE_BLOCK))


def index_write_units(before: Item | None, after: Item | None) -> int:
    """Of one write as one index has it: its entry before and after, None where it has none.

    An entry that is new or gone costs one write, one whose key changes two (delete, put), an equal one none.
    """
    if before == after:
        return 0
    return sum(write_units(None, entry) for entry in (before, after) if entry)


def read_units(sizes: int, *, consistent: bool) -> float:
    """Of one item, or of all items together that one page of a query read; half if not consistent.

    What is not there costs as much as a small item.
    """
    blocks = max(1, math.ceil(sizes / READ_BLOCK))
    return blocks if consistent else blocks / 2


def _value_size(value: Mapping[str, Any]) -> int:
    content: Any
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(str(content).encode())
        case "B":
            return len(content)
        case "N":
            digits = content.lstrip("-").replace(".", "").strip("0")
            return math.ceil(len(digits) / 2) + 1 + int(content.startswith("-"))
        case _:
            raise ValueError(f"no record has an attribute of type {kind}")
