"""Where every call of ours crosses into the outside world: it takes its time there, and may go wrong."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from tests.simulation.kernel.faults.faults import Faults, Kind, what_is_seen
from tests.simulation.kernel.platform.hub import Hub, Killed
from tests.simulation.kernel.ports.call import Call

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.invocation import Invocation

ALMOST = 0.98
"""Of a bound: what is allowed up to a bound happens just before it."""
THROTTLED = 2.5
"""Seconds that our store's client spends on its own tries until it gets through."""


class ForeignTenantError(LookupError):
    """Work for one tenant reached for what is another's: a fault of ours."""


class Seam:
    """Only what crosses while it `is_open` can go wrong: not what prepares a scene, nor what tidies up."""

    def __init__(self, hub: Hub, faults: Faults, skew: float) -> None:
        self._hub = hub
        self._faults = faults
        self._skew = skew
        self.is_open = False
        self.last_at = 0.0
        self.to_come: list[str] = []

    def keep_to(self, *tenant_ids: str) -> None:
        """Raises `ForeignTenantError` if the running invocation works for any other tenant."""
        invocation: Invocation = self._hub.task.owner  # type: ignore[assignment]
        foreign = set(tenant_ids) - {invocation.tenant_id}
        if foreign and invocation.tenant_id is not None:
            raise ForeignTenantError(f"{invocation.tenant_id} reached for {', '.join(foreign)}")

    def cross[T](self, call: Call[T]) -> T:
        """Make the call in the running task; answers, raises or never returns."""
        invocation: Invocation = self._hub.task.owner  # type: ignore[assignment]
        kind = None
        self.last_at = self._hub.now
        if self.is_open and invocation.is_watched:
            kind = self._faults.at(call.name, call.family, self._hub.now, invocation.place)
        if kind is None:
            return self._go(invocation, call, call.execute)
        if lasting := what_is_seen(call.family, kind):
            invocation.trouble.append(f"{call.name}:{lasting}")
        answer: T = self._WAYS[kind](self, invocation, call, kind)
        return answer

    def execute_later(self, seconds: float, call: Call[Any], execute: Callable[[], Any]) -> None:
        """What has left is executed then, with nobody left to learn how it ended."""
        self.to_come.append(call.name)

        def run() -> None:
            self.to_come.remove(call.name)
            with suppress(Exception, Killed):
                execute()

        self._hub.after(seconds, run)

    def _go[T](self, invocation: "Invocation", call: Call[T], execute: Callable[[], T]) -> T:
        """There and back. If the invocation dies meanwhile, what has left arrives all the same."""
        with invocation.having_out(call, execute):
            self._hub.sleep(call.takes)
        return execute()

    def _kill_before(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        self._hub.wait(lambda _: self._hub.after(0, invocation.kill))

    def _kill_after(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        with suppress(Exception):
            self._go(invocation, call, call.execute)
        self._kill_before(invocation, call, kind)

    def _not_executed(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        self._hub.sleep(call.takes)
        return call.not_executed()

    def _executed(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        with suppress(Exception):
            self._go(invocation, call, call.execute)
        return call.no_answer()

    def _late(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        if kind in call.variants:
            return self._variant(invocation, call, kind)
        self.execute_later(call.gives_up + call.late * ALMOST, call, call.execute)
        return self._time_out(invocation, call, kind)

    def _time_out(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        self._hub.sleep(call.gives_up)
        return call.no_answer()

    def _throttle(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        if call.refused:
            return self._not_executed(invocation, call, kind)
        self._hub.sleep(THROTTLED)
        return self._go(invocation, call, call.execute)

    def _variant(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        return self._go(invocation, call, call.variants[kind])

    def _refused(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        self._hub.sleep(call.takes)
        if call.refused is None:
            raise ValueError(f"{call.name} has no login that could be refused")
        return call.refused()

    def _clock(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        ahead = self._skew if kind is Kind.CLOCK_AHEAD else -self._skew
        invocation.environment.clock.ahead = ahead * ALMOST
        return self._go(invocation, call, call.execute)

    def _freeze(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        with invocation.having_out(call, call.execute):
            self._hub.wait(invocation.on_thaw)
        return self._go(invocation, call, call.execute)

    def _pause(self, invocation: "Invocation", call: Call[Any], kind: Kind) -> Any:
        self._hub.after(0, invocation.pause)
        self._hub.sleep(0)
        return self._go(invocation, call, call.execute)

    _WAYS: ClassVar[Mapping[Kind, Callable[..., Any]]] = {
        Kind.KILL_BEFORE: _kill_before,
        Kind.KILL_AFTER: _kill_after,
        Kind.ERROR_NOT_EXECUTED: _not_executed,
        Kind.ERROR_EXECUTED: _executed,
        Kind.LATE: _late,
        Kind.TIME_OUT: _time_out,
        Kind.THROTTLE: _throttle,
        Kind.STALE_READ: _variant,
        Kind.MALFORMED_REPLY: _executed,
        Kind.CREDENTIAL_REFUSED: _refused,
        Kind.DUPLICATE_DELIVERY: _variant,
        Kind.LOST: _variant,
        Kind.CLOCK_AHEAD: _clock,
        Kind.CLOCK_BEHIND: _clock,
        Kind.FREEZE: _freeze,
        Kind.PAUSE: _pause,
    }
