"""A CRM that takes its time on a real clock, and notes what it is asked at once and within a second."""

import time
from collections.abc import Iterator
from threading import Lock

from benchmarks.order_syncs.timed_crm import SKU
from tests.fakes.crm import InMemoryCrm


class BusyCrm(InMemoryCrm):
    """Each call takes the next of `latencies` (seconds). Safe to use from several threads."""

    def __init__(self, latencies: Iterator[float]) -> None:
        super().__init__(skus={SKU}, before_call=self._take_time)
        self._latencies = latencies
        self._noting = Lock()
        self._in_flight = 0
        self.most_in_flight = 0
        self.arrived: list[float] = []
        self.took: list[float] = []

    @property
    def mean_latency(self) -> float:
        """Seconds of a call, as they were."""
        return sum(self.took) / len(self.took)

    def most_above(self, per_second: float, burst: float) -> float:
        """By how many calls any span of time, from a call to a later one, saw more than it should have."""
        lowest, above = 0.0, 0.0
        for number, at in enumerate(self.arrived):
            level = number - per_second * (at - self.arrived[0])
            lowest = min(lowest, level)
            above = max(above, level - lowest + 1 - burst)
        return above

    def _take_time(self, _: str) -> None:
        arrived = time.monotonic()
        with self._noting:
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            self.arrived.append(arrived)
            latency = next(self._latencies)
        time.sleep(latency)
        with self._noting:
            self._in_flight -= 1
            self.took.append(time.monotonic() - arrived)
