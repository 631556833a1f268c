"""What a probe has done so far: the report file, kept after every step so that the next run goes on."""

from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from pydantic import AwareDatetime, BaseModel, ConfigDict

from .findings import Findings
from .limits import Environment

_FIRST_NUMBER = 1_600_000_000
_NUMBERS = 200_000_000
_DECI_SECONDS = 10


class Cut(BaseModel):
    """A send whose connection we cut; `seen_after` seconds its order was there, if ever."""

    model_config = ConfigDict(extra="forbid")

    number: int
    at: AwareDatetime
    seen_after: float | None = None


class Journal(BaseModel):
    """`token` marks what this probe makes. Numbers begin where no earlier probe of this login has been."""

    model_config = ConfigDict(extra="forbid")

    environment: Environment
    address: str
    username: str
    token: str
    started_at: AwareDatetime
    next_number: int
    orders_sent: int = 0
    customers_sent: int = 0
    read_lags: list[float] = []
    never_read: int = 0
    cuts: list[Cut] = []
    findings: Findings = Findings()


class OtherLoginError(ValueError):
    """The report file is about another login; go on with another file."""


class Notebook:
    """A journal and its file."""

    def __init__(self, path: Path, journal: Journal) -> None:
        self._path = path
        self.journal = journal

    def save(self) -> None:
        """Write it whole or not at all."""
        draft = self._path.with_suffix(".draft")
        draft.write_text(self.journal.model_dump_json(indent=2) + "\n")
        draft.replace(self._path)


def opened(path: Path, environment: Environment, address: str, username: str) -> Notebook:
    """The journal in the file, or a new one. Raises `OtherLoginError`."""
    if path.exists():
        journal = Journal.model_validate_json(path.read_text())
        if (journal.address, journal.username) != (address, username):
            raise OtherLoginError(f"{path} is about another login.")
        return Notebook(path, journal)
    now = datetime.now(UTC)
    notebook = Notebook(
        path,
        Journal(
            environment=environment,
            address=address,
            username=username,
            token=token_hex(3),
            started_at=now,
            next_number=_FIRST_NUMBER + int(now.timestamp() * _DECI_SECONDS) % _NUMBERS,
        ),
    )
    notebook.save()
    return notebook
