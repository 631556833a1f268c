"""What `Records` promises of writes."""

from datetime import timedelta

import pytest

from cellarhand.domain.errors import StaleRecordError
from cellarhand.ports.records import Records
from tests.contract.records.a_record import Barrel, Bottle
from tests.fakes.time import FakeClock

SYRAH = Bottle(name="syrah")
MERLOT = Bottle(name="merlot")


def test_a_new_record_gets_version_one_and_reads_back(records: Records):
    saved = records.save(SYRAH)
    assert saved.version == 1
    assert records.get(Bottle, SYRAH.key) == saved


def test_nothing_is_found_where_nothing_was_saved(records: Records):
    assert records.get(Bottle, SYRAH.key) is None


def test_a_second_first_save_is_stale(records: Records):
    records.save(SYRAH)
    with pytest.raises(StaleRecordError):
        records.save(SYRAH)


def test_replacing_needs_the_version_that_is_stored(records: Records):
    first = records.save(SYRAH)
    second = records.save(first.model_copy(update={"label": "gold"}))
    with pytest.raises(StaleRecordError):
        records.save(first.model_copy(update={"label": "silver"}))
    assert second.version == 2
    assert records.get(Bottle, SYRAH.key) == second


def test_replacing_what_is_not_there_is_stale(records: Records):
    with pytest.raises(StaleRecordError):
        records.save(SYRAH.model_copy(update={"version": 3}))


def test_a_transaction_saves_and_removes_together(records: Records):
    syrah = records.save(SYRAH)
    records.save_all([MERLOT], removed=[syrah])
    assert records.get(Bottle, SYRAH.key) is None
    assert records.get(Bottle, MERLOT.key) == MERLOT.model_copy(update={"version": 1})


def test_a_transaction_with_one_stale_record_changes_nothing(records: Records):
    records.save(SYRAH)
    with pytest.raises(StaleRecordError):
        records.save_all([MERLOT, SYRAH])
    assert records.get(Bottle, MERLOT.key) is None


def test_removing_needs_the_version_that_is_stored(records: Records):
    first = records.save(SYRAH)
    second = records.save(first)
    with pytest.raises(StaleRecordError):
        records.save_all([], removed=[first])
    assert records.get(Bottle, SYRAH.key) == second


def test_an_empty_transaction_is_no_failure(records: Records):
    records.save_all([])
    assert records.get(Bottle, SYRAH.key) is None


@pytest.mark.parametrize(
    "too_much", [[Bottle(name=str(n)) for n in range(27)], [SYRAH, SYRAH]], ids=["27 records", "one twice"]
)
def test_a_transaction_that_no_store_could_run_is_a_programming_error(
    records: Records, too_much: list[Bottle]
):
    with pytest.raises(ValueError, match="at most 26"):
        records.save_all(too_much)


def test_an_expired_record_is_gone_and_its_place_is_free(records: Records, clock: FakeClock):
    gone = records.save(SYRAH.model_copy(update={"gone_at": clock.now() + timedelta(seconds=60)}))
    clock.advance(seconds=60)
    assert records.get(Bottle, SYRAH.key) is None
    with pytest.raises(StaleRecordError):
        records.save(gone)
    assert records.save(SYRAH).version == 1


def test_a_record_that_has_not_expired_keeps_its_place(records: Records, clock: FakeClock):
    records.save(SYRAH.model_copy(update={"gone_at": clock.now() + timedelta(seconds=60)}))
    clock.advance(seconds=59)
    with pytest.raises(StaleRecordError):
        records.save(SYRAH)


def test_a_compressed_record_keeps_what_its_defaults_do_not_say(records: Records):
    saved = records.save(Barrel(contents="Syrah", emptied=None))
    assert records.get(Barrel, saved.key) == saved
    assert '"wood"' not in saved.stored_json()


def test_a_compressed_record_reads_back(records: Records):
    barrel = records.save(Barrel(contents="oak and time " * 50_000))
    assert records.get(Barrel, barrel.key) == barrel
