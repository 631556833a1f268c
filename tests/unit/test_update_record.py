"""Of several who change one record at the same moment, each change is kept, and none twice."""

import pytest

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.reliability.rate_limit import RateLimitRecord, window_of
from cellarhand.use_cases.update_record import MAX_TRIES, update_record
from tests.fakes.records import InMemoryRecords
from tests.fakes.time import FakeClock

CLOCK = FakeClock()
COUNT = RateLimitRecord(tenant_id="larkspur", subject="key:1", window=window_of(CLOCK.now()))


class Counts:
    """A count in the store; somebody else is first `rivals` times."""

    def __init__(self, rivals: int = 0) -> None:
        self.records = InMemoryRecords(CLOCK)
        self.records.save(COUNT)
        self.rivals = rivals
        self.reads = 0

    def read(self) -> RateLimitRecord:
        self.reads += 1
        return self.stored()

    def stored(self) -> RateLimitRecord:
        found = self.records.get(RateLimitRecord, COUNT.key)
        assert found
        return found

    def save(self, record: RateLimitRecord) -> RateLimitRecord:
        if self.rivals:
            self.rivals -= 1
            self.records.save(self.stored().plus(10))
        return self.records.save(record)


def test_a_change_is_saved_and_what_is_stored_is_answered():
    counts = Counts()
    answer = update_record(counts.read, lambda count: count.plus(1), counts.save)
    assert answer == counts.stored()
    assert answer.count == 1


def test_whoever_is_overtaken_changes_what_the_other_has_saved():
    counts = Counts(rivals=2)
    assert update_record(counts.read, lambda count: count.plus(1), counts.save).count == 21


def test_whoever_is_overtaken_every_time_learns_it():
    counts = Counts(rivals=MAX_TRIES)
    with pytest.raises(StaleRecordError):
        update_record(counts.read, lambda count: count.plus(1), counts.save)
    assert counts.stored().count == 10 * MAX_TRIES


def test_no_change_is_no_save():
    counts = Counts()
    before = counts.stored()
    assert update_record(counts.read, lambda count: count, counts.save) == before
    assert counts.stored().version == before.version


def test_a_record_that_was_just_read_is_read_again_only_after_a_lost_race():
    counts = Counts()
    update_record(counts.read, lambda count: count.plus(1), counts.save, first=counts.stored())
    assert counts.reads == 0
    counts.rivals = 1
    update_record(counts.read, lambda count: count.plus(1), counts.save, first=counts.stored())
    assert counts.reads == 1
