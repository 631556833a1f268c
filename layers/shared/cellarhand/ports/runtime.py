"""The running process: time, randomness, and how long it may still go on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.signals import Metrics
from cellarhand.ports.workers import Workers


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring how long something took."""
        ...


class Tokens(Protocol):
    """Randomness, injected."""

    def token(self, bits: int = 128) -> str:
        """A fresh URL-safe random string."""
        ...

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        ...


class Deadline(Protocol):
    """How long the running invocation still has."""

    def seconds_left(self) -> float:
        """Seconds until the platform may end this invocation."""
        ...


@dataclass(frozen=True, slots=True)
class Runtime:
    """The running process as one: what work that calls a CRM needs of it.

    `report_failure` writes a failure of our own code into the log.
    """

    clock: Clock
    tokens: Tokens
    workers: Workers
    timers: Timers
    metrics: Metrics
    report_failure: Callable[[BaseException], None]
