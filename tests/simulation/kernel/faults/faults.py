"""Every way in which a call across a port can go wrong, and which of them apply to which kind of port.

Whatever applies and never happened in a run of the simulation fails that run: see `coverage`.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, Self


class Kind(StrEnum):
    """What may go wrong at one call."""

    KILL_BEFORE = "kill_before"
    """The process dies before the call has left."""
    KILL_AFTER = "kill_after"
    """The process dies after the call was executed, before its reply is seen."""
    ERROR_NOT_EXECUTED = "error_not_executed"
    ERROR_EXECUTED = "error_executed"
    """Executed; the reply is lost."""
    LATE = "late"
    """The caller gives up, then it is executed, as late as the timers allow; of a hint: delivered late."""
    TIME_OUT = "time_out"
    """The caller gives up; never executed."""
    THROTTLE = "throttle"
    """Turned away: our store's client tries again with success, a CRM is not asked again."""
    STALE_READ = "stale_read"
    """The answer is as old as an index, or the CRM's search, may be."""
    MALFORMED_REPLY = "malformed_reply"
    """Executed; the reply can't be read."""
    CREDENTIAL_REFUSED = "credential_refused"
    DUPLICATE_DELIVERY = "duplicate_delivery"
    """Three of the same, side by side."""
    LOST = "lost"
    """The sender was told that all is well; nothing arrives."""
    CLOCK_AHEAD = "clock_ahead"
    """From here on this machine's clock is ahead of all others by all the skew there may be."""
    CLOCK_BEHIND = "clock_behind"
    FREEZE = "freeze"
    """The call stays out. If its invocation returns, it is thawed after everything has settled; else it is
    killed with its invocation, and what had left may still be executed."""
    PAUSE = "pause"
    """The whole machine stands still until just before the platform ends the invocation."""


class Family(StrEnum):
    """Kinds of ports: what can go wrong is the same within one."""

    STORE_READ = "store_read"
    INDEX_READ = "index_read"
    STORE_WRITE = "store_write"
    CRM_READ = "crm_read"
    CRM_WRITE = "crm_write"
    HINT = "hint"
    CLOCK_SERVICE = "clock_service"
    VAULT = "vault"
    DELIVERY = "delivery"
    """The platform starts a function."""


_OF_THE_MACHINE = frozenset(
    {
        Kind.KILL_BEFORE,
        Kind.KILL_AFTER,
        Kind.CLOCK_AHEAD,
        Kind.CLOCK_BEHIND,
        Kind.FREEZE,
        Kind.PAUSE,
    }
)
_OF_ANY_CALL = _OF_THE_MACHINE | {Kind.ERROR_NOT_EXECUTED, Kind.TIME_OUT, Kind.THROTTLE}
_OF_ANY_WRITE = _OF_ANY_CALL | {Kind.ERROR_EXECUTED, Kind.LATE}

APPLICABLE: Mapping[Family, frozenset[Kind]] = {
    Family.STORE_READ: _OF_ANY_CALL,
    Family.INDEX_READ: _OF_ANY_CALL | {Kind.STALE_READ},
    Family.STORE_WRITE: _OF_ANY_WRITE,
    Family.CRM_READ: _OF_ANY_CALL | {Kind.STALE_READ, Kind.MALFORMED_REPLY, Kind.CREDENTIAL_REFUSED},
    Family.CRM_WRITE: _OF_ANY_WRITE | {Kind.MALFORMED_REPLY, Kind.CREDENTIAL_REFUSED},
    Family.HINT: _OF_ANY_WRITE | {Kind.DUPLICATE_DELIVERY, Kind.LOST},
    Family.CLOCK_SERVICE: _OF_ANY_WRITE,
    Family.VAULT: _OF_ANY_CALL,
    Family.DELIVERY: frozenset({Kind.DUPLICATE_DELIVERY, Kind.LATE, Kind.LOST}),
}


_UNHARMED = frozenset({Kind.CLOCK_AHEAD, Kind.CLOCK_BEHIND})
_ANSWERED = frozenset({Kind.ERROR_NOT_EXECUTED, Kind.THROTTLE})
_UNANSWERED = frozenset({Kind.ERROR_EXECUTED, Kind.TIME_OUT, Kind.LATE, Kind.MALFORMED_REPLY})


def what_is_seen(family: Family, kind: Kind) -> str | None:
    """By the caller, of a fault: some look alike to it, and some like nothing at all (None)."""
    of_crm = family in {Family.CRM_READ, Family.CRM_WRITE}
    if kind in _UNHARMED or (kind is Kind.THROTTLE and not of_crm):
        return None
    if kind in {Kind.LATE, Kind.LOST, Kind.DUPLICATE_DELIVERY} and family is Family.HINT:
        return None
    if kind in _ANSWERED | _UNANSWERED and family is not Family.CRM_WRITE:
        return "failed"
    if kind in _ANSWERED:
        return "not done"
    return "no answer" if kind in _UNANSWERED else str(kind)


_MAY_LEAVE_SOMETHING = frozenset({Family.STORE_WRITE, Family.CRM_WRITE, Family.HINT, Family.CLOCK_SERVICE})


def effect(family: Family, kind: Kind) -> str | None:
    """What a fault does, times aside, to the caller and to the far side; None: nothing."""
    seen, writes = what_is_seen(family, kind), family in _MAY_LEAVE_SOMETHING
    if kind is Kind.THROTTLE and seen is None:
        return None
    if kind is Kind.KILL_AFTER and not writes:
        return str(Kind.KILL_BEFORE)
    if not writes and seen == "failed":
        return seen
    if kind is Kind.MALFORMED_REPLY:
        return str(Kind.ERROR_EXECUTED)
    not_executed = {Kind.ERROR_NOT_EXECUTED, Kind.THROTTLE, Kind.TIME_OUT}
    return f"{seen}, not executed" if kind in not_executed else str(kind)


class Fault(NamedTuple):
    """One thing going wrong at one point of a run, such as `ledger.save[Lease]#2:kill_after`."""

    point: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.point}:{self.kind}"

    @classmethod
    def read(cls, text: str) -> Self:
        """From what `str` made. Raises `ValueError`."""
        point, _, kind = text.rpartition(":")
        return cls(point, Kind(kind))


class Met(NamedTuple):
    """A point that a run came to, when (true seconds), and how the world looked, if anybody asked."""

    point: str
    family: Family
    at: float
    state: int = 0


class Faults:
    """Which faults a run is to meet; what it came to, and what has happened so far."""

    def __init__(self, planned: Iterable[Fault] = ()) -> None:
        self._planned = {fault.point: fault.kind for fault in planned}
        self._seen: dict[str, int] = {}
        self.met: list[Met] = []
        self.fired: list[Fault] = []
        self.last_at = 0.0
        self.fingerprint: Callable[[], int] = lambda: 0

    def at(self, name: str, family: Family, now: float, place: object = None) -> Kind | None:
        """What goes wrong at this call: the how-manieth of its name it is, is told by counting.

        `place` is where in which invocation it is made, for the fingerprint.
        """
        self._seen[name] = number = self._seen.get(name, 0) + 1
        met = Met(f"{name}#{number}", family, now, hash((name, place, self.fingerprint())))
        self.met.append(met)
        kind = self._kind(met)
        if kind is not None:
            self.fired.append(Fault(met.point, kind))
            self.last_at = now
        return kind

    def _kind(self, met: Met) -> Kind | None:
        return self._planned.get(met.point)
