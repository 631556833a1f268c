"""One question at a time for the same thing, and short memory."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cellarhand.use_cases.crm.single_flight_cache import Remembered
from tests.fakes.time import FakeClock


def test_many_threads_that_ask_the_same_at_once_ask_once():
    remembered: Remembered[str] = Remembered(FakeClock(), seconds=30)
    asked: list[int] = []
    released = threading.Event()

    def ask() -> str:
        asked.append(1)
        assert released.wait(10)
        return "Anna"

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(remembered.answer, "anna", ask, timeout=10) for _ in range(8)]
        released.set()
        assert [answer.result() for answer in answers] == ["Anna"] * 8
    assert len(asked) == 1


def test_whoever_waits_for_another_waits_no_longer_than_it_may():
    remembered: Remembered[str] = Remembered(FakeClock(), seconds=30)
    asking, released = threading.Event(), threading.Event()

    def ask() -> str:
        asking.set()
        assert released.wait(10)
        return "Anna"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(remembered.answer, "anna", ask, timeout=10)
        assert asking.wait(10)
        with pytest.raises(TimeoutError):
            remembered.answer("anna", lambda: "never asked", timeout=0.01)
        released.set()
        assert first.result() == "Anna"


def test_all_who_wait_are_told_of_the_failure_and_the_next_asks_anew():
    remembered: Remembered[str] = Remembered(FakeClock(), seconds=30)

    def fail() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        remembered.answer("anna", fail, timeout=1)
    assert remembered.answer("anna", lambda: "Anna", timeout=1) == "Anna"


def test_the_oldest_answer_makes_room():
    remembered: Remembered[int] = Remembered(FakeClock(), seconds=30, most=2)
    for question in (1, 2, 3):
        remembered.answer(question, lambda: 0, timeout=1)
    assert remembered.answer(1, lambda: 9, timeout=1) == 9
    assert remembered.answer(3, lambda: 9, timeout=1) == 0
