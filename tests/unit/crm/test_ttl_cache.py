"""A short memory of what was loaded."""

import pytest

from cellarhand.use_cases.crm.ttl_cache import TtlCache
from tests.fakes.time import FakeClock


def test_a_value_is_loaded_again_when_its_time_is_over():
    clock = FakeClock()
    cache: TtlCache[str] = TtlCache(clock, seconds=30)
    assert cache.get_or_load("anna", lambda: "Anna") == "Anna"
    clock.advance(seconds=29)
    assert cache.get_or_load("anna", lambda: "Berta") == "Anna"
    clock.advance(seconds=1)
    assert cache.get_or_load("anna", lambda: "Berta") == "Berta"


def test_a_failed_load_is_not_kept():
    cache: TtlCache[str] = TtlCache(FakeClock(), seconds=30)

    def fail() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        cache.get_or_load("anna", fail)
    assert cache.get_or_load("anna", lambda: "Anna") == "Anna"


def test_the_value_loaded_longest_ago_makes_room():
    cache: TtlCache[int] = TtlCache(FakeClock(), seconds=30, max_size=2)
    for key in (1, 2, 3):
        cache.get_or_load(key, lambda: 0)
    assert cache.get_or_load(1, lambda: 9) == 9
    assert cache.get_or_load(3, lambda: 9) == 0
