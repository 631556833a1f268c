"""How long calls to the CRM may take, so that nobody waits longer than was promised."""

from typing import Self

from cellarhand.domain.errors import CrmUnavailableError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.runtime import Clock, Deadline

GUEST_WAITS = 3.0
GUEST_LOOK_UP = 1.2
GUEST_ADD = 1.5
"""A snapshot's whole upsert, its look-up, and what must be left to begin a creation (design section 5)."""

GUEST_RESERVE = 0.3
"""Of those three seconds, what is kept for writing down how a call ended and leaving a hint."""

MIN_CALL = 0.3
"""A call given less would fail by our own haste, and the CRM's breaker would blame the CRM for it."""

RESERVE = 3.0
"""What a background invocation keeps for writing down what happened."""


class OutOfTimeError(CrmUnavailableError):
    """The CRM took so long before that this call was not begun."""

    code = "no_time_left"


class TimeBudget:
    """Counts from its making. Seconds: `total`, one look-up, one write, and what a write needs to begin."""

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
        """While a guest waits. A creation cut off by it has an unknown outcome and is settled later."""
        total = GUEST_WAITS - GUEST_RESERVE
        return cls(
            clock, total=total, look_up=GUEST_LOOK_UP, write=total, write_needs=GUEST_ADD - GUEST_RESERVE
        )

    @classmethod
    def of_background(cls, clock: Clock, deadline: Deadline, timers: Timers) -> Self:
        """While nobody waits: as long as the CRM may take, within this invocation."""
        call = timers.crm_write
        total = deadline.seconds_left() - RESERVE
        return cls(clock, total=total, look_up=call, write=call, write_needs=call)

    @property
    def left(self) -> float:
        """Seconds until it is used up; below 0 afterwards."""
        return self._ends - self._clock.monotonic()

    @property
    def allows_write(self) -> bool:
        """Whether enough is left to begin a write."""
        return self.left >= self._write_needs

    def for_look_up(self) -> float:
        """The timeout of a look-up that begins now; raises `OutOfTimeError`."""
        if self.left < MIN_CALL:
            raise OutOfTimeError("There was no time left to ask the CRM.")
        return min(self._look_up, self.left)

    def for_write(self) -> float:
        """The timeout of a write that begins now; raises `OutOfTimeError`."""
        if not self.allows_write:
            raise OutOfTimeError("There was no time left to write to the CRM.")
        return min(self._write, self.left)
