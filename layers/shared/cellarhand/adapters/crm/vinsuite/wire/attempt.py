"""One try at one call: how long it may still take, and whether any of it may have reached VinSuite."""

import time
from contextvars import ContextVar


class Attempt:
    """A total time budget in seconds, from now on; several calls may share it."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self.may_have_left = False
        """True from the moment at which the first byte of the request may have been sent."""

    def seconds_left(self) -> float:
        """Zero or less: the budget is used up."""
        return self._ends_at - time.monotonic()

    def seconds_for_waiting(self) -> float:
        """The same as a socket's timeout; raises `TimeoutError` when nothing is left."""
        left = self.seconds_left()
        if left <= 0:
            raise TimeoutError("the time budget of the call is used up")
        return left


current_attempt: ContextVar[Attempt] = ContextVar("current_attempt")
"""The attempt of the running thread: the way from a call down to the sockets under `requests`."""
