"""A write that loses its condition changes nothing, and costs as much as what it met."""

import pytest

from benchmarks.order_syncs.metered_records import MeteredRecords, metered_tables
from benchmarks.order_syncs.spent import INDEX_UNITS, WRITE_UNITS, Counts, Spent
from benchmarks.order_syncs.virtual_time import VirtualTime
from cellarhand.domain.errors import StaleRecordError
from tests.contract.records.a_record import Bottle
from tests.fakes.time import CountingTokens, FakeClock

LARGE = Bottle(name="syrah", label="x" * 2000, shelf="1")


@pytest.fixture
def spent() -> Spent:
    return Spent()


@pytest.fixture
def records(spent: Spent) -> MeteredRecords:
    return MeteredRecords("ledger", FakeClock(), CountingTokens(), metered_tables(spent, VirtualTime()))


def refused(records: MeteredRecords, spent: Spent, *bottles: Bottle) -> Counts:
    """What a stale write of these cost."""
    before = spent.reading()
    with pytest.raises(StaleRecordError):
        records.save(bottles[0]) if len(bottles) == 1 else records.save_all(bottles)
    return spent.since(before)


def test_one_write(records: MeteredRecords, spent: Spent):
    records.save(LARGE)
    assert refused(records, spent, Bottle(name="syrah"))[WRITE_UNITS] == 3


def test_a_transaction(records: MeteredRecords, spent: Spent):
    records.save(LARGE)
    lost = refused(records, spent, Bottle(name="syrah"), Bottle(name="merlot"))
    assert lost[WRITE_UNITS] == 2 * (3 + 1)
    assert lost[INDEX_UNITS] == 0
    assert records.get(Bottle, Bottle(name="merlot").key) is None
