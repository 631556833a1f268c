"""The same work on the emulator, by the same adapter and boto3: what was asked of it, and what it holds.

The emulator has rules of its own for write units, of tables and of indexes, and tells them when asked. Of
reads it tells no sizes: one unit for each that is consistent, half a one else.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from botocore import xform_name

from benchmarks.order_syncs.metered_records import REQUEST_SECONDS
from benchmarks.order_syncs.spent import INDEX_UNITS, REQUESTS, WRITE_UNITS, Spent
from benchmarks.order_syncs.stored_items import Item
from benchmarks.order_syncs.virtual_time import VirtualTime
from benchmarks.order_syncs.world import World
from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.records import RecordTable
from tests.fakes.aws import make_table

TABLES = ("settings", "ledger", "access", "audit")

_numbers = count(1)


class EmulatedWorld(World):
    """Tables of its own on the emulator that boto3 finds; the functions run here from now on."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.names = {name: make_table(f"metered-{name}-{number}") for name in TABLES}
        spent, time = Spent(), VirtualTime()
        _Listener(spent, time).join()
        super().__init__(
            spent, time, lambda name, clock, tokens: RecordTable(self.names[name], clock, tokens)
        )
        self.enter()

    def items(self, table: str) -> Iterator[Item]:
        """Everything that a table holds."""
        return _scanned(TableName=self.names[table], ConsistentRead=True)

    def entries(self, table: str, index: str) -> Iterator[Item]:
        """Everything that one of its indexes holds."""
        return _scanned(TableName=self.names[table], IndexName=index)


class _Listener:
    """Counts what boto3 sends and what the emulator says that it consumed."""

    def __init__(self, spent: Spent, time: VirtualTime) -> None:
        self._spent = spent
        self._time = time

    def join(self) -> None:
        """From the next request of this process on."""
        events = aws.dynamodb().meta.events
        events.register("before-parameter-build.dynamodb", _ask)
        events.register("before-call.dynamodb", self._begin)
        events.register("after-call.dynamodb", self._count)

    def _begin(self, model: Any, **_: Any) -> None:
        if model.name == "Scan":
            return
        self._spent.add(REQUESTS)
        self._spent.add(xform_name(model.name))
        self._time.pause(REQUEST_SECONDS)

    def _count(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        if model.name not in {"PutItem", "TransactWriteItems"}:
            return
        for each in consumed if isinstance(consumed, list) else [consumed]:
            of_indexes = each.get("GlobalSecondaryIndexes", {})
            for index, units in of_indexes.items():
                self._spent.add(INDEX_UNITS, units["CapacityUnits"])
                self._spent.add(f"{index} {INDEX_UNITS}", units["CapacityUnits"])
            indexed = sum(units["CapacityUnits"] for units in of_indexes.values())
            self._spent.add(WRITE_UNITS, each["CapacityUnits"] - indexed)


def _ask(params: dict[str, Any], model: Any, **_: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "INDEXES"


def _scanned(**what: Any) -> Iterator[Item]:
    for page in aws.dynamodb().get_paginator("scan").paginate(**what):
        yield from page["Items"]
