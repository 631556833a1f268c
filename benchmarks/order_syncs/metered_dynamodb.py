"""DynamoDB in memory, as strict as the real one about what Cellarhand asks of it, and counting the cost.

It stands below the real adapter, so that every request, item and byte is the one that AWS would get. It
knows the operations and expressions that the adapter uses, and refuses any other.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from botocore.exceptions import ClientError

from benchmarks.order_syncs.query import Found, found
from benchmarks.order_syncs.spent import INDEX_UNITS, READ_UNITS, REQUESTS, WRITE_UNITS, Spent
from benchmarks.order_syncs.stored_items import INDEXES, Item, StoredItems, entry_of
from benchmarks.order_syncs.units import (
    TRANSACTION_FACTOR,
    index_write_units,
    item_size,
    read_units,
    write_units,
)

type Request = dict[str, Any]


class MeteredDynamoDb:
    """What `RecordTable` uses of boto3's client. `elapse` lets a request's time pass."""

    def __init__(self, spent: Spent, elapse: Callable[[], None]) -> None:
        self.tables: dict[str, StoredItems] = {}
        self._spent = spent
        self._elapse = elapse

    def get_item(self, *, TableName: str, Key: Item, ConsistentRead: bool) -> Request:  # noqa: N803
        """One item, by its key."""
        self._begin("get_item", [Key["pk"]["S"]])
        item = self.tables[TableName].get(Key["pk"]["S"], Key["sk"]["S"])
        self._read(item, consistent=ConsistentRead)
        return {"Item": item} if item else {}

    def batch_get_item(self, *, RequestItems: Request) -> Request:  # noqa: N803
        """Up to 100 items of one table."""
        [(table, asked)] = RequestItems.items()
        keys = [(key["pk"]["S"], key["sk"]["S"]) for key in asked["Keys"]]
        self._begin("batch_get_item", {pk for pk, _ in keys})
        items = [self.tables[table].get(*key) for key in keys]
        for item in items:
            self._read(item, consistent=asked["ConsistentRead"])
        return {"Responses": {table: [item for item in items if item]}}

    def query(self, **request: Any) -> Request:
        """Items of a partition by the beginning of their key, or of an index by a range."""
        answer: Found = found(self.tables[request["TableName"]], request)
        self._begin("query", answer.partitions)
        consistent = request.get("ConsistentRead", False)
        self._spent.add(READ_UNITS, read_units(answer.size, consistent=consistent))
        self._spent.add("items read", len(answer.items))
        self._spent.add("bytes read", answer.size)
        more = {"LastEvaluatedKey": answer.last_key} if answer.last_key else {}
        return {"Items": answer.items, **more}

    def put_item(self, **put: Any) -> None:
        """One item, on a condition."""
        self._begin("put_item", [put["Item"]["pk"]["S"]])
        before = self._before(put)
        if not _holds(put, before):
            self._spent.add(WRITE_UNITS, write_units(before, None))
            raise _failed("ConditionalCheckFailedException", "PutItem", Item=before)
        self._write(put, before, factor=1)
        self._spent.writes.append((_kind(put["Item"]),))

    def transact_write_items(self, *, TransactItems: Sequence[Request]) -> None:  # noqa: N803
        """Several items, each on its condition: all or none."""
        actions = [next(iter(action.values())) for action in TransactItems]
        self._begin("transact_write_items", {_key(action)["pk"]["S"] for action in actions})
        befores = [self._before(action) for action in actions]
        held = [_holds(action, before) for action, before in zip(actions, befores, strict=True)]
        for action, before in zip(actions, befores, strict=True):
            if all(held):
                self._write(action, before, factor=TRANSACTION_FACTOR)
            else:
                units = write_units(before, action.get("Item"))
                self._spent.add(WRITE_UNITS, TRANSACTION_FACTOR * units)
        if not all(held):
            reasons = [_reason(before, held=ok) for before, ok in zip(befores, held, strict=True)]
            raise _failed("TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons)
        self._spent.writes.append(tuple(_kind(_key(action)) for action in actions))

    def _begin(self, operation: str, partitions: Collection[str]) -> None:
        self._spent.add(REQUESTS)
        self._spent.add(operation)
        self._spent.touch(partitions)
        self._elapse()

    def _read(self, item: Item | None, *, consistent: bool) -> None:
        size = item_size(item) if item else 0
        self._spent.add(READ_UNITS, read_units(size, consistent=consistent))
        self._spent.add("bytes read", size)
        if item:
            self._spent.add("items read")
            self._spent.add(f"reads {_kind(item)}")

    def _before(self, action: Request) -> Item | None:
        key = _key(action)
        return self.tables[action["TableName"]].get(key["pk"]["S"], key["sk"]["S"])

    def _write(self, action: Request, before: Item | None, *, factor: int) -> None:
        after: Item | None = action.get("Item")
        table, key = self.tables[action["TableName"]], _key(action)
        if after is None:
            table.remove(key["pk"]["S"], key["sk"]["S"])
        else:
            table.put(after)
        self._spent.add(WRITE_UNITS, factor * write_units(before, after))
        for index in INDEXES:
            units = index_write_units(entry_of(index, before), entry_of(index, after))
            self._spent.add(INDEX_UNITS, units)
            self._spent.add(f"{index} {INDEX_UNITS}", units)
        kind = _kind(key)
        self._spent.add(f"writes {kind}")
        self._spent.add(f"units {kind}", factor * write_units(before, after))
        self._spent.add("bytes written", item_size(after) if after else 0)


def _holds(action: Request, item: Item | None) -> bool:
    """The two conditions there are: nothing valid is stored, or the version that was read still is."""
    values = action["ExpressionAttributeValues"]
    valid = item is not None and not _is_expired(item, int(values[":now"]["N"]))
    match action["ConditionExpression"]:
        case "attribute_not_exists(pk) OR expires_at <= :now":
            return not valid
        case "#version = :version AND (attribute_not_exists(expires_at) OR expires_at > :now)":
            return valid and item is not None and bool(item["version"] == values[":version"])
        case other:
            raise ValueError(f"nobody knows this condition: {other}")


def _is_expired(item: Item, now: int) -> bool:
    return "expires_at" in item and int(item["expires_at"]["N"]) <= now


def _key(action: Request) -> Item:
    key: Item = action["Item"] if "Item" in action else action["Key"]
    return key


def _kind(key: Item) -> str:
    kind: str = key["sk"]["S"].partition("#")[0]
    return kind


def _reason(before: Item | None, *, held: bool) -> Request:
    if held:
        return {"Code": "None"}
    return {"Code": "ConditionalCheckFailed", **({"Item": before} if before else {})}


def _failed(code: str, operation: str, **told: Any) -> ClientError:
    shown: Any = {name: value for name, value in told.items() if value}
    return ClientError(shown | {"Error": {"Code": code, "Message": code}}, operation)
