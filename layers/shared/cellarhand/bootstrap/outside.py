"""The outside world as one bundle of ports, and which one this process uses."""

from collections.abc import Callable
from typing import Any, Protocol

from cellarhand.domain.timers import Timers
from cellarhand.ports import (
    Clock,
    CrmGateways,
    CrmLogins,
    Hints,
    Metrics,
    Records,
    ScheduleItems,
    Schedules,
    Tokens,
    Workers,
)


class Outside(Protocol):
    """Everything that is not ours: `Aws` in Lambda, `tests.fakes.outside.FakeOutside` in tests.

    `settings`, `ledger`, `access` and `audit` are the four tables. `crm` has no breaker yet.
    """

    @property
    def clock(self) -> Clock: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def settings(self) -> Records: ...
    @property
    def ledger(self) -> Records: ...
    @property
    def access(self) -> Records: ...
    @property
    def audit(self) -> Records: ...
    @property
    def crm(self) -> CrmGateways: ...
    @property
    def logins(self) -> CrmLogins: ...
    @property
    def hints(self) -> Hints: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def schedule_items(self) -> ScheduleItems: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def workers(self) -> Workers: ...


class _Process:
    """What this process has made so far."""

    def __init__(self) -> None:
        self.outside: Outside | None = None
        self.made: dict[Callable[..., Any], Any] = {}


_process = _Process()


def outside() -> Outside:
    """The outside world of this process: AWS, unless `run_in` said otherwise."""
    if _process.outside is None:
        from cellarhand.bootstrap.aws import Aws

        _process.outside = Aws()
    return _process.outside


def run_in(world: Outside | None) -> None:
    """From now on wire everything anew, with this outside world (None: AWS). For tests and benchmarks."""
    _process.outside = world
    _process.made.clear()


def once[Made](make: Callable[[Outside], Made]) -> Callable[[], Made]:
    """Wire on first use and keep: what a use case caches lives as long as the process."""

    def made() -> Made:
        if make not in _process.made:
            _process.made[make] = make(outside())
        thing: Made = _process.made[make]
        return thing

    made.__doc__ = make.__doc__
    return made
