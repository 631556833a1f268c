"""Every test of this folder runs against each store there is."""

from collections.abc import Iterator

import pytest

from benchmarks.order_syncs.metered_records import MeteredRecords, metered_tables
from benchmarks.order_syncs.spent import Spent
from benchmarks.order_syncs.virtual_time import VirtualTime
from cellarhand.adapters.dynamodb.records import RecordTable
from cellarhand.ports.records import Records
from tests.fakes.aws import aws_in_process, make_table
from tests.fakes.records import InMemoryRecords
from tests.fakes.time import CountingTokens, FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def table(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordTable]:
    with aws_in_process(monkeypatch):
        yield RecordTable(make_table("ledger"), clock, CountingTokens())


@pytest.fixture(params=["in_memory", "metered", "dynamodb"])
def records(request: pytest.FixtureRequest, clock: FakeClock) -> Records:
    if request.param == "in_memory":
        return InMemoryRecords(clock)
    if request.param == "metered":
        client = metered_tables(Spent(), VirtualTime())
        return MeteredRecords("ledger", clock, CountingTokens(), client)
    table: RecordTable = request.getfixturevalue("table")
    return table
