"""One DynamoDB table of records."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellarhand.adapters import aws
from cellarhand.domain.errors import StaleRecordError, StorageUnavailableError
from cellarhand.domain.records import DueWork, Key, Place, Record
from cellarhand.ports.records import Page, R
from cellarhand.ports.runtime import Clock, Tokens

from . import conditions
from .items import due_since, item_key, item_of, key_of, place_of, record_of, shard_name, sortable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_AT_ONCE = 26
_MAX_READ_AT_ONCE = 100
_MAX_READ_ROUNDS = 8


class RecordTable:
    """Implements the `Records` port. Reads are consistent, except in the indexes `due` and `worklist`."""

    def __init__(self, table_name: str, clock: Clock, tokens: Tokens) -> None:
        self._table = table_name
        self._clock = clock
        self._tokens = tokens

    def get(self, kind: type[R], key: Key) -> R | None:
        with aws.storage_errors():
            answer = self._client.get_item(TableName=self._table, Key=item_key(key), ConsistentRead=True)
        return record_of(kind, answer["Item"], self._clock.now()) if "Item" in answer else None

    def get_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        wanted = list(dict.fromkeys(keys))
        found: dict[Key, dict[str, Any]] = {}
        for first in range(0, len(wanted), _MAX_READ_AT_ONCE):
            found |= self._read_batch(wanted[first : first + _MAX_READ_AT_ONCE])
        now = self._clock.now()
        records = (record_of(kind, found[key], now) for key in keys if key in found)
        return [record for record in records if record is not None]

    def save(self, record: R) -> R:
        from botocore.exceptions import ClientError

        write_id = self._tokens.token()
        with aws.storage_errors():
            try:
                self._put(record, write_id)
            except ClientError as error:
                if not conditions.is_conflict(error):
                    raise
                if not conditions.was_ours(error, write_id):
                    raise _stale(record) from error
        return record.model_copy(update={"version": record.version + 1})

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        from botocore.exceptions import ClientError

        _check_transaction([record.key for record in (*records, *removed)])
        if not (records or removed):
            return
        write_id = self._tokens.token()
        with aws.storage_errors():
            try:
                self._write_together(records, removed, write_id)
            except ClientError as error:
                if not conditions.is_cancelled_by_conflict(error):
                    raise
                if not conditions.was_ours(error, write_id):
                    raise _stale(*records, *removed) from error

    def list_records(
        self,
        kind: type[R],
        partition: str,
        prefix: str,
        *,
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
    ) -> Page[R]:
        items, more = self._query(
            limit,
            start=item_key(Key(partition, after)) if after else None,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": partition}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
        )
        now = self._clock.now()
        records = (record_of(kind, item, now) for item in items)
        return Page([r for r in records if r is not None], key_of(items[-1]).sort if more else None)

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        items, more = self._query(
            limit,
            start=_index_start(name, after) if after else None,
            IndexName="worklist",
            KeyConditionExpression="worklist = :name AND #position BETWEEN :start AND :end",
            ExpressionAttributeNames={"#position": "position"},
            ExpressionAttributeValues={":name": {"S": name}, ":start": {"S": start}, ":end": {"S": end}},
        )
        found = [(key_of(item), place_of(item)) for item in items]
        return Page(found, _cursor(*found[-1]) if more else None)

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        items, _ = self._query(
            limit,
            start=None,
            IndexName="due",
            KeyConditionExpression="due_shard = :shard AND due < :until",
            # "$" is the character after "#", which ends the instant in every `due`: so `until` itself is in.
            ExpressionAttributeValues={
                ":shard": {"S": shard_name(shard)},
                ":until": {"S": f"{sortable(until)}$"},
            },
        )
        return [DueWork(key_of(item), due_since(item)) for item in items]

    @property
    def _client(self) -> "DynamoDBClient":
        return aws.dynamodb()

    def _put(self, record: Record, write_id: str) -> None:
        self._client.put_item(
            TableName=self._table,
            Item=item_of(record, write_id),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **conditions.unchanged(record, self._clock.now()),
        )

    def _write_together(self, records: Sequence[Record], removed: Sequence[Record], write_id: str) -> None:
        # botocore adds one ClientRequestToken per call and keeps it when it sends the call again.
        puts = [{"Put": self._conditioned(r, Item=item_of(r, write_id))} for r in records]
        deletes = [{"Delete": self._conditioned(r, Key=item_key(r.key))} for r in removed]
        self._client.transact_write_items(TransactItems=[*puts, *deletes])  # type: ignore[list-item]

    def _conditioned(self, record: Record, **what: Any) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **conditions.unchanged(record, self._clock.now()),
            **what,
        }

    def _read_batch(self, keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
        found: dict[Key, dict[str, Any]] = {}
        asked: Any = {self._table: {"Keys": [item_key(key) for key in keys], "ConsistentRead": True}}
        for _ in range(_MAX_READ_ROUNDS):
            with aws.storage_errors():
                answer = self._client.batch_get_item(RequestItems=asked)
            found |= {key_of(item): item for item in answer["Responses"].get(self._table, [])}
            asked = answer.get("UnprocessedKeys")
            if not asked:
                return found
        raise StorageUnavailableError("The store answers only in part.")

    def _query(self, limit: int, *, start: Any, **query: Any) -> tuple[list[dict[str, Any]], bool]:
        """Up to `limit` items, and whether there are more (one is read beyond, so that it is certain)."""
        items: list[dict[str, Any]] = []
        while True:
            page = {"ExclusiveStartKey": start} if start else {}
            with aws.storage_errors():
                wanted = limit + 1 - len(items)
                answer = self._client.query(TableName=self._table, Limit=wanted, **page, **query)
            items += answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if len(items) > limit or not start:
                return items[:limit], len(items) > limit


def _check_transaction(keys: Sequence[Key]) -> None:
    if len(keys) > MAX_AT_ONCE or len(set(keys)) < len(keys):
        raise ValueError("a transaction takes at most 26 different records")


def _stale(*records: Record) -> StaleRecordError:
    names = ", ".join(sorted({type(record).__name__ for record in records}))
    return StaleRecordError(f"{names} was changed meanwhile")


def _cursor(key: Key, place: Place) -> str:
    return json.dumps([place.position, *key])


def _index_start(name: str, cursor: str) -> dict[str, Any]:
    position, partition, sort = json.loads(cursor)
    return {**item_key(Key(partition, sort)), "worklist": {"S": name}, "position": {"S": position}}
