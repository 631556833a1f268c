"""Trying the cases again, one after the other at a rate, so that a stop anywhere can be gone on from."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from operations.api import Api, ApiRefusedError
from operations.pacing import Pacing

from .selection import Case

_LOGIN = {"crm_login_refused", "crm_login_missing"}


class LoginRefusedError(Exception):
    """The winery's login does not work: every further try would only say so again."""


class Diary(BaseModel):
    """What was tried since the replay began, and how it ended: by reservation and kind."""

    model_config = ConfigDict(extra="forbid")

    ended: dict[str, str] = {}


class DiaryFile:
    """A diary that is kept until its replay is through."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.diary = Diary.model_validate_json(path.read_text()) if path.exists() else Diary()

    def ended(self, case: Case) -> str | None:
        """How this case ended, if it was tried."""
        return self.diary.ended.get(_name(case))

    def write(self, case: Case, outcome: str) -> None:
        """Keep how it ended."""
        self.diary.ended[_name(case)] = outcome
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft")
        draft.write_text(self.diary.model_dump_json(indent=2))
        draft.replace(self._path)

    def close(self) -> None:
        """The replay is through: the next one begins anew."""
        self._path.unlink(missing_ok=True)


class Tried(NamedTuple):
    """A case and how it ended."""

    case: Case
    outcome: str


def replay(
    api: Api,
    wanted: Iterable[Case],
    diary: DiaryFile,
    report: Callable[[str], None],
    *,
    rate: float,
    pause: Callable[[float], None] = time.sleep,
) -> list[Tried]:
    """Try what the diary does not have yet, at most `rate` a second. Raises `LoginRefusedError`."""
    open_cases = [case for case in wanted if diary.ended(case) is None]
    pacing, tried = Pacing(rate, pause=pause), list[Tried]()
    for number, case in enumerate(open_cases, start=1):
        pacing.wait()
        outcome = _try(api, case)
        diary.write(case, outcome)
        tried.append(Tried(case, outcome))
        report(f"{number} of {len(open_cases)}  {case.reservation_id}  {case.kind} {case.reason}: {outcome}")
    return tried


def summary(tried: Iterable[Tried]) -> list[str]:
    """How many of each reason ended how."""
    counts = Counter((each.case.kind, each.case.reason, each.outcome) for each in tried)
    return [f"{count:6}  {kind} {reason}: {end}" for (kind, reason, end), count in sorted(counts.items())]


def _try(api: Api, case: Case) -> str:
    body = {"order": "send_again"} if case.kind == "review" else {}
    try:
        now = api.ask("POST", f"/v1/reservations/{case.reservation_id}/retry", body=body)
    except ApiRefusedError as refused:
        return f"refused: {refused.code}"
    if now["customer"]["reason"] in _LOGIN:
        raise LoginRefusedError(f"{case.reservation_id}: {now['customer']['reason']}")
    return _outcome(case, now)


def _outcome(case: Case, now: dict[str, Any]) -> str:
    part = now["customer"] if case.kind == "guest" else now["order"]
    return f"{part['state']} ({part['reason']})" if part["reason"] else str(part["state"])


def _name(case: Case) -> str:
    return f"{case.kind} {case.reservation_id}"
