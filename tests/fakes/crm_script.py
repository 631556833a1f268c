"""How the calls of the in-memory CRM go, and what was called."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from cellarhand.domain.errors import CrmLoginRefusedError, CrmRefusedError, CrmUnavailableError
from cellarhand.ports.crm import Outcome, WriteResult


class Step(StrEnum):
    """How one call goes."""

    NORMAL = "normal"
    UNAVAILABLE = "unavailable"
    """Nothing reached the CRM: a read raises `CrmUnavailableError`, a write is `NOT_DONE`."""
    NOT_DONE = "not_done"
    """The same under the name that fits a write."""
    LOGIN_REFUSED = "login_refused"
    REFUSED = "refused"
    UNKNOWN_EXECUTED = "unknown_executed"
    UNKNOWN_NOT_EXECUTED = "unknown_not_executed"
    LATE = "late"
    """Unknown now; executed when `release()` is called."""


class Call(NamedTuple):
    """One call that the gateway received."""

    method: str
    arguments: Mapping[str, Any]
    timeout: float


_UNKNOWN = {Step.UNKNOWN_EXECUTED, Step.UNKNOWN_NOT_EXECUTED, Step.LATE}


class CrmScript:
    """Steps by method name. Safe to use from several threads."""

    def __init__(self, before_call: Callable[[str], None] | None = None) -> None:
        self.calls: list[Call] = []
        self._before_call = before_call
        self._next: dict[str, deque[Step]] = defaultdict(deque)
        self._always: dict[str, Step] = {}
        self._late: list[Callable[[], WriteResult]] = []
        self._lock = threading.RLock()

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    def script(self, method: str, *steps: Step) -> None:
        """How the next calls of `method` go, one step each; afterwards as `always` says."""
        self._next[method].extend(steps)

    def always(self, method: str, step: Step) -> None:
        """How calls of `method` go that no script covers; `"*"` is every method."""
        self._always[method] = step

    def release(self) -> list[WriteResult]:
        """Execute now what was held back by `LATE`."""
        with self._lock:
            late, self._late = self._late, []
            return [execute() for execute in late]

    def _step(self, method: str, arguments: Mapping[str, Any], timeout: float) -> Step:
        if self._before_call:
            self._before_call(method)
        with self._lock:
            self.calls.append(Call(method, arguments, timeout))
            if self._next[method]:
                return self._next[method].popleft()
            return self._always.get(method) or self._always.get("*") or Step.NORMAL

    def _read(self, method: str, arguments: Mapping[str, Any], timeout: float) -> None:
        match self._step(method, arguments, timeout):
            case Step.NORMAL:
                return
            case Step.LOGIN_REFUSED:
                raise CrmLoginRefusedError("The CRM refuses the login.")
            case Step.REFUSED:
                raise CrmRefusedError("The CRM said no.")
            case _:
                raise CrmUnavailableError("The CRM does not answer.")

    def _write(
        self,
        method: str,
        arguments: Mapping[str, Any],
        timeout: float,
        execute: Callable[[], WriteResult],
    ) -> WriteResult:
        step = self._step(method, arguments, timeout)
        with self._lock:
            if step is Step.NORMAL:
                return execute()
            if step is Step.UNKNOWN_EXECUTED:
                execute()
            if step is Step.LATE:
                self._late.append(execute)
        return _failed(step)


def _failed(step: Step) -> WriteResult:
    if step in _UNKNOWN:
        return WriteResult(Outcome.UNKNOWN, message="No answer.")
    if step is Step.REFUSED:
        return WriteResult(Outcome.REFUSED, message="The CRM said no.")
    return WriteResult(Outcome.NOT_DONE, message="Not executed.", login_refused=step is Step.LOGIN_REFUSED)
