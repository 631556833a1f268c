"""The real adapter over metered tables."""

from typing import Any

from benchmarks.order_syncs.metered_dynamodb import MeteredDynamoDb
from benchmarks.order_syncs.spent import Spent
from benchmarks.order_syncs.stored_items import StoredItems
from benchmarks.order_syncs.virtual_time import VirtualTime
from cellarhand.adapters.dynamodb.records import RecordTable
from cellarhand.ports.runtime import Clock, Tokens

REQUEST_SECONDS = 0.005
"""DynamoDB answers in single-digit milliseconds."""


class MeteredRecords(RecordTable):
    """Fills `ports.Records`."""

    def __init__(self, table: str, clock: Clock, tokens: Tokens, client: MeteredDynamoDb) -> None:
        super().__init__(table, clock, tokens)
        self._metered = client
        self.items = client.tables.setdefault(table, StoredItems())

    @property
    def _client(self) -> Any:
        return self._metered


def metered_tables(spent: Spent, time: VirtualTime) -> MeteredDynamoDb:
    """A store whose requests take their time."""
    return MeteredDynamoDb(spent, lambda: time.pause(REQUEST_SECONDS))
