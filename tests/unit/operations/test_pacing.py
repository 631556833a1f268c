"""A rate holds whatever each thing takes."""

from hypothesis import given
from hypothesis import strategies as st

from operations.pacing import Pacing


class _Time:
    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@given(work=st.lists(st.floats(0, 3), min_size=1, max_size=40), rate=st.floats(0.1, 100))
def test_no_two_are_closer_than_the_rate_allows_and_none_waits_for_nothing(work: list[float], rate: float):
    time = _Time()
    pacing, starts = Pacing(rate, pause=time.pass_by, clock=time.clock), list[float]()
    for seconds in work:
        pacing.wait()
        starts.append(time.now)
        time.pass_by(seconds)
    for before, seconds, after in zip(starts, work, starts[1:], strict=False):
        assert abs((after - before) - max(seconds, 1 / rate)) < 1e-6
