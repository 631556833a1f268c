"""What runs side by side takes as long as it would, and no time at all."""

import pytest

from benchmarks.order_syncs.virtual_time import VirtualTime

CALL = 0.4


@pytest.mark.parametrize(("places", "tasks", "seconds"), [(1, 4, 1.6), (2, 4, 0.8), (2, 5, 1.2), (8, 5, 0.4)])
def test_a_pool_lasts_as_long_as_its_busiest_place(places: int, tasks: int, seconds: float):
    time = VirtualTime()
    with time.pool(places) as pool:
        for _ in range(tasks):
            pool.submit(time.pause, CALL)
    assert time.seconds == pytest.approx(seconds)


def test_who_waits_goes_on_when_the_first_has_ended():
    time = VirtualTime()
    pool = time.pool(2)
    long, short = pool.submit(time.pause, 3), pool.submit(time.pause, 1)
    assert list(time.any_ended([long, short])) == [short]
    assert time.seconds == 1
    assert list(time.any_ended([long])) == [long]
    assert time.seconds == 3


def test_turns_bound_what_a_wider_pool_does_at_once():
    time = VirtualTime()
    turns = time.turns(2)

    def take_a_turn() -> None:
        time.pause(0.01)
        with turns:
            time.pause(CALL)

    with time.pool(6) as pool:
        for _ in range(6):
            pool.submit(take_a_turn)
    assert time.seconds == pytest.approx(0.01 + 3 * CALL)


def test_a_failure_is_the_task_s_own():
    time = VirtualTime()
    failed = time.pool(1).submit(int, "nonsense")
    with pytest.raises(ValueError, match="nonsense"):
        failed.result()
