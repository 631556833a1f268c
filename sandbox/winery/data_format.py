"""The format of the data that the local stack keeps, so that other data is refused instead of half-read."""

from pathlib import Path

from sandbox.machine.problem import Problem

DATA_FORMAT = 1
"""Raise it by one when the code can no longer read what it stored before.

`tests/unit/machine/test_data_format.py` fails when a stored model changes, and says what to do.
"""

_MARK = "format"


def require_current_format(state: Path) -> None:
    """Mark an empty folder with our format. Raises Problem for data in any other format."""
    mark = state / _MARK
    if mark.exists():
        found = mark.read_text().strip()
    elif state.exists() and any(state.iterdir()):
        found = "0"
    else:
        state.mkdir(parents=True, exist_ok=True)
        mark.write_text(f"{DATA_FORMAT}\n")
        return
    if found != str(DATA_FORMAT):
        raise Problem(f"The data kept here is in {_age(found)}: run make clean, then start again.")


def _age(found: str) -> str:
    """How a foreign format relates to ours; data without a mark is older than the first one."""
    if not found.isdecimal():
        return "an unknown format"
    return "an older format" if int(found) < DATA_FORMAT else "a newer format"
