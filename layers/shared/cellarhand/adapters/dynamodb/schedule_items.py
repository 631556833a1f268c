"""The schedule item and its status item: plain attributes, so that support can write the first by hand."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cellarhand.adapters import aws
from cellarhand.domain.order_sync.schedule import ScheduleStatus
from cellarhand.domain.records import Key, tenant_partition

from .items import Item, item_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ITEM = "SCHEDULE#order_sync"
STATUS = "SCHEDULE_STATUS#order_sync"
_KEY_ATTRIBUTES = frozenset({"pk", "sk"})


class DynamoDbScheduleItems:
    """Implements the `ScheduleItems` port."""

    def __init__(self, table_name: str) -> None:
        self._table = table_name

    def read(self, tenant_id: str) -> Mapping[str, object] | None:
        return self._read(_key(tenant_id, ITEM))

    def write(self, tenant_id: str, attributes: Mapping[str, object]) -> None:
        self._write(_key(tenant_id, ITEM), attributes)

    def read_status(self, tenant_id: str) -> ScheduleStatus | None:
        attributes = self._read(_key(tenant_id, STATUS))
        return None if attributes is None else ScheduleStatus.model_validate(attributes)

    def write_status(self, tenant_id: str, status: ScheduleStatus | None) -> None:
        key = _key(tenant_id, STATUS)
        if status is not None:
            self._write(key, status.model_dump(mode="json"))
            return
        with aws.storage_errors():
            self._client.delete_item(TableName=self._table, Key=key)

    @property
    def _client(self) -> "DynamoDBClient":
        return aws.dynamodb()

    def _read(self, key: Item) -> dict[str, object] | None:
        with aws.storage_errors():
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        if "Item" not in answer:
            return None
        return {name: _plain(value) for name, value in answer["Item"].items() if name not in _KEY_ATTRIBUTES}

    def _write(self, key: Item, attributes: Mapping[str, object]) -> None:
        given = {name: _attribute(value) for name, value in attributes.items() if value is not None}
        with aws.storage_errors():
            self._client.put_item(TableName=self._table, Item={**key, **given})


def _key(tenant_id: str, sort: str) -> Item:
    return item_key(Key(tenant_partition(tenant_id), sort))


def _plain(attribute: Mapping[str, Any]) -> object:
    """What people write by hand: texts, numbers, truth values, lists and sets of texts."""
    match dict(attribute):
        case {"N": number}:
            value = Decimal(number)
            return int(value) if value == value.to_integral_value() else str(value)
        case {"L": items}:
            return [_plain(item) for item in items]
        case {"NULL": _}:
            return None
        case {"S": value} | {"BOOL": value} | {"SS": value}:
            return value
        case other:
            return str(other)


def _attribute(value: object) -> Any:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case list() | tuple():
            return {"L": [_attribute(item) for item in value]}
        case _:
            return {"S": str(value)}
