"""Keeping to a rate, however long each thing takes."""

import time
from collections.abc import Callable


class Pacing:
    """Lets one through every 1/rate seconds on average, never two closer; lost time is not made up."""

    def __init__(
        self,
        rate: float,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._apart = 1 / rate
        self._pause = pause
        self._clock = clock
        self._next = clock()

    def wait(self) -> None:
        """Until the next may go."""
        early = self._next - self._clock()
        if early > 0:
            self._pause(early)
        self._next = max(self._next, self._clock()) + self._apart
