"""What every operation has at hand, and how it says no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sandbox.vinsuite.faults import FaultBoard, Strike, Subject
from sandbox.vinsuite.state.live_book import LiveBook
from sandbox.vinsuite.state.wineries import Winery
from sandbox.vinsuite.switches import Behaviours, FaultRule
from sandbox.vinsuite.wire.reply_xml import NIL, Nil

type Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Give this moment in UTC."""
    return datetime.now(UTC)


class RefusedError(Exception):
    """A business refusal: HTTP 200 with `IsSuccessful` false and this text."""


class CrashError(Exception):
    """The service itself fails over the call: a `soap:Server` fault."""


@dataclass(frozen=True)
class Context:
    """One call's surroundings. Operations check first and write last, since a crash undoes no memory."""

    operation: str
    winery: Winery
    faults: FaultBoard
    now: datetime
    new_id: Callable[[], UUID] = uuid4

    @property
    def book(self) -> LiveBook:
        """The winery's book."""
        return self.winery.book

    @property
    def behaviours(self) -> Behaviours:
        """The behaviours in force."""
        return self.faults.behaviours

    def draw(self, kind: str, when: Callable[[FaultRule], bool] = lambda _: True) -> Strike | None:
        """Ask whether a fault that shows in the answer's content strikes this call."""
        return self.faults.draw({kind}, Subject(self.operation, self.book.name), when)

    def capped[T](self, rows: list[T]) -> list[T]:
        """Leave out what is over an artificial cap on results."""
        strike = self.draw("artificial_cap", lambda rule: _cuts(rule, len(rows)))
        if strike is None:
            return rows
        strike.took_effect()
        return rows[: strike.rule.max_results]

    def server_time(self, instant: datetime) -> str:
        """Write an instant in the server's own clock, without offset, as .NET does."""
        offset = timedelta(minutes=self.behaviours.server_utc_offset_minutes)
        return (instant.astimezone(UTC) + offset).replace(tzinfo=None).isoformat(timespec="milliseconds")

    def is_read_already(self, added_at: datetime | None) -> bool:
        """Whether the reads show a record yet; seeds, which have no such time, are always shown."""
        lag = timedelta(seconds=self.behaviours.read_lag_seconds)
        return added_at is None or added_at + lag <= self.now

    def in_window(self, instant: datetime, begin: str | None, end: str | None) -> bool:
        """Compare in the server's clock, inclusive at both ends; a missing end is open."""
        moment = datetime.fromisoformat(self.server_time(instant))
        return (begin is None or datetime.fromisoformat(begin) <= moment) and (
            end is None or moment <= datetime.fromisoformat(end)
        )


def _cuts(rule: FaultRule, rows: int) -> bool:
    return rule.max_results is not None and rows > rule.max_results


def or_nil[T](value: T | None) -> T | Nil:
    """Write an unset nullable value as nil."""
    return NIL if value is None else value


def without_secrets(fields: dict[str, Any]) -> dict[str, Any]:
    """Take card numbers out of a payload before it is kept."""
    return {name: _cleaned(name, value) for name, value in fields.items()}


def _cleaned(name: str, value: Any) -> Any:
    if "CreditCard" in name and value:
        return "(removed)"
    if isinstance(value, list):
        return [_cleaned(name, item) for item in value]
    return without_secrets(value) if isinstance(value, dict) else value
