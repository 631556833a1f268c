"""The outside world as one bundle of ports, and which one this process uses."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.ports.crm import CrmGateways, CrmLogins
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Runtime, Tokens
from cellarhand.ports.schedules import ScheduleItems, Schedules
from cellarhand.ports.signals import Hints, Metrics
from cellarhand.ports.workers import Workers


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


class Process:
    """What a process has made so far, and the outside world that it has (None: AWS, once it is needed)."""

    def __init__(self, world: Outside | None = None) -> None:
        self.outside = world
        self.made: dict[Callable[..., Any], Any] = {}


_the_only_one = Process()
_process = ContextVar("process", default=_the_only_one)
"""Lambda's threads all share the default; a simulation has a process of its own for each environment."""


def run_as(process: Process) -> None:
    """From now on everything in this context, and in no other, is wired for that process."""
    _process.set(process)


def outside() -> Outside:
    """The outside world of this process: AWS, unless `run_in` said otherwise."""
    process = _process.get()
    if process.outside is None:
        from cellarhand.bootstrap.aws import Aws

        process.outside = Aws()
    return process.outside


def run_in(world: Outside | None) -> None:
    """From now on wire everything anew, with this outside world (None: AWS). For tests and benchmarks."""
    process = _process.get()
    process.outside = world
    process.made.clear()


def once[Made](make: Callable[[Outside], Made]) -> Callable[[], Made]:
    """Wire on first use and keep: what a use case caches lives as long as the process."""

    def made() -> Made:
        all_made = _process.get().made
        if make not in all_made:
            all_made[make] = make(outside())
        thing: Made = all_made[make]
        return thing

    made.__doc__ = make.__doc__
    return made


@once
def runtime(outside: Outside) -> Runtime:
    """This process, for work that calls a CRM."""
    from cellarhand.observability import report_failure

    return Runtime(
        outside.clock, outside.tokens, outside.workers, outside.timers, outside.metrics, report_failure
    )
