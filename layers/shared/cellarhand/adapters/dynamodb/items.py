"""How a record becomes a DynamoDB item, and back.

`pk, sk, version, write_id, record` (JSON, or gzipped JSON), the attributes of the indexes `due` and
`worklist` while the record wants to be found by them, and `expires_at` (epoch seconds, DynamoDB's TTL).
"""

import gzip
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cellarhand.domain.records import Key, Place, Record, due_shard
from cellarhand.ports.records import R

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Item = dict[str, "AttributeValueTypeDef"]


def item_of(record: Record, write_id: str) -> Item:
    """The item that replaces the record's stored one: one version on, signed with `write_id`."""
    saved = record.model_copy(update={"version": record.version + 1})
    return {
        **item_key(record.key),
        "version": {"N": str(saved.version)},
        "write_id": {"S": write_id},
        "record": _packed(saved),
        **_index_attributes(record),
    }


def record_of(kind: type[R], item: Mapping[str, Any], now: datetime) -> R | None:
    """The record in an item; None once it has expired."""
    if "expires_at" in item and int(item["expires_at"]["N"]) <= now.timestamp():
        return None
    packed = item["record"]
    return kind.model_validate_json(gzip.decompress(packed["B"]) if "B" in packed else packed["S"])


def item_key(key: Key) -> Item:
    """A key as DynamoDB wants it."""
    return {"pk": {"S": key.partition}, "sk": {"S": key.sort}}


def key_of(item: Mapping[str, Any]) -> Key:
    """The key of an item."""
    return Key(item["pk"]["S"], item["sk"]["S"])


def place_of(item: Mapping[str, Any]) -> Place:
    """Where an item of the index `worklist` stands."""
    return Place(item["worklist"]["S"], item["position"]["S"])


def due_since(item: Mapping[str, Any]) -> datetime:
    """Since when the work in an item of the index `due` has been due."""
    return datetime.fromisoformat(item["due"]["S"].partition("#")[0])


def shard_name(shard: int) -> str:
    """The partition of one shard in the index `due`."""
    return f"DUE#{shard}"


def sortable(instant: datetime) -> str:
    """An instant in UTC whose text sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _packed(record: Record) -> "AttributeValueTypeDef":
    text = record.stored_json()
    return {"B": gzip.compress(text.encode(), mtime=0)} if record.compressed else {"S": text}


def _index_attributes(record: Record) -> Item:
    attributes: Item = {}
    if record.due_at is not None:
        attributes["due_shard"] = {"S": shard_name(due_shard(record.key))}
        attributes["due"] = {"S": f"{sortable(record.due_at)}#{record.key.partition}#{record.key.sort}"}
    if record.place is not None:
        attributes["worklist"] = {"S": record.place.worklist}
        attributes["position"] = {"S": record.place.position}
    if record.expires_at is not None:
        attributes["expires_at"] = {"N": str(math.ceil(record.expires_at.timestamp()))}
    return attributes
