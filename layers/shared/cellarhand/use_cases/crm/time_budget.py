"""How long calls to the CRM may take, so that no caller waits longer than promised."""

from typing import Self

from cellarhand.domain.errors import CrmUnavailableError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.runtime import Clock, Deadline

GUEST_WAITS = 3.0
GUEST_LOOK_UP = 1.2
GUEST_ADD = 1.5
"""A snapshot's whole upsert, its look-up, and what must be left to begin a creation (design section 5)."""

GUEST_RESERVE = 0.3
"""Of those three seconds, reserved for storing the outcome of a call and sending a hint."""

MIN_CALL = 0.3
"""A shorter call would fail by its timeout, and the breaker would count that as a failure of the CRM."""

NO_TIME_TO_ASK = "There was no time left to ask the CRM."

RESERVE = 3.0
"""What a background invocation reserves for storing outcomes."""


class OutOfTimeError(CrmUnavailableError):
    """The call was not started, because earlier ones left too little time."""

    code = "no_time_left"


class TimeBudget:
    """Starts when created. Seconds: `total`, one look-up, one write, and what a write needs to start."""

    def __init__(
        self, clock: Clock, *, total: float, look_up: float, write: float, write_needs: float
    ) -> None:
        self._clock = clock
        self._ends = clock.monotonic() + total
        self._look_up = look_up
        self._write = write
        self._write_needs = write_needs

    @classmethod
    def of_guest(cls, clock: Clock) -> Self:
        """While a guest waits. A creation that it cuts off has an unknown outcome and is settled later."""
        total = GUEST_WAITS - GUEST_RESERVE
        return cls(
            clock, total=total, look_up=GUEST_LOOK_UP, write=total, write_needs=GUEST_ADD - GUEST_RESERVE
        )

    @classmethod
    def of_background(cls, clock: Clock, deadline: Deadline, timers: Timers) -> Self:
        """While nobody waits: the CRM's own timeouts, within this invocation."""
        call = timers.crm_write
        total = deadline.seconds_left() - RESERVE
        return cls(clock, total=total, look_up=call, write=call, write_needs=call)

    @property
    def left(self) -> float:
        """Seconds until it is used up; below 0 afterwards."""
        return self._ends - self._clock.monotonic()

    @property
    def allows_write(self) -> bool:
        """Whether enough is left to start a write."""
        return self.left >= self._write_needs

    def for_look_up(self) -> float:
        """The timeout of a look-up that starts now; raises `OutOfTimeError`."""
        if self.left < MIN_CALL:
            raise OutOfTimeError(NO_TIME_TO_ASK)
        return min(self._look_up, self.left)

    def for_write(self) -> float:
        """The timeout of a write that starts now; raises `OutOfTimeError`."""
        if not self.allows_write:
            raise OutOfTimeError("There was no time left to write to the CRM.")
        return min(self._write, self.left)
