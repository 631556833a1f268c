"""Data in another format is refused, and a changed model can't go unnoticed."""

import hashlib
import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from cellarhand import domain
from cellarhand.domain.records import Record
from sandbox.machine.problem import Problem
from sandbox.vinsuite.state.book import Book
from sandbox.winery.data_format import DATA_FORMAT, require_current_format

UNIT = Path(__file__).parents[1]
KNOWN: dict[str, Any] = json.loads((UNIT / "stored_format.json").read_text())
HINT = """
What is stored has changed: a field, its name or its default. Can this code still read what it stored before?
  yes: set "fingerprint" in tests/unit/stored_format.json to {fingerprint}
  no:  raise DATA_FORMAT in sandbox/winery/data_format.py by one too, and "format" with it;
       `make run` then refuses older data and names `make clean`.
"""


def test_an_empty_folder_is_marked_and_opened_again(tmp_path: Path):
    state = tmp_path / "state"
    require_current_format(state)
    (state / "aws").mkdir()
    require_current_format(state)
    assert (state / "format").read_text() == f"{DATA_FORMAT}\n"


@pytest.mark.parametrize(
    ("mark", "age"),
    [
        (None, "an older format"),
        (str(DATA_FORMAT - 1), "an older format"),
        (str(DATA_FORMAT + 1), "a newer format"),
        ("", "an unknown format"),
    ],
)
def test_data_in_another_format_is_refused_in_one_line_and_left_alone(
    tmp_path: Path, mark: str | None, age: str
):
    (tmp_path / "demo-keys.json").write_text("{}")
    if mark is not None:
        (tmp_path / "format").write_text(mark)
    before = sorted(file.name for file in tmp_path.iterdir())
    with pytest.raises(Problem, match=f"^The data kept here is in {age}: run make clean, .*again\\.$"):
        require_current_format(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == before


def test_a_change_of_what_is_stored_asks_whether_older_data_can_be_read():
    found = {"format": DATA_FORMAT, "fingerprint": fingerprint()}
    assert found == KNOWN, HINT.format(fingerprint=fingerprint())


def fingerprint() -> str:
    """Hash of the field paths of all that is stored, and of the defaults that are left out of it."""
    stored = [*records_of_the_product(), Book]
    paths = sorted({path for kind in stored for path in field_paths(kind, kind.__name__)})
    defaults = (UNIT / "stored_defaults.json").read_text()
    return hashlib.sha256("\n".join([*paths, defaults]).encode()).hexdigest()[:16]


def field_paths(annotation: Any, path: str) -> Iterator[str]:
    """`ReservationRecord.order.state` and its like, whatever the classes inside are called."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield f"{path}.{name}"
            yield from field_paths(field.annotation, f"{path}.{name}")
    for argument in get_args(annotation):
        yield from field_paths(argument, path)


def records_of_the_product() -> list[type[Record]]:
    """Every kind of record, whichever tests run beside this one."""
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
    return [kind for kind in Record.__subclasses__() if kind.__module__.startswith(f"{domain.__name__}.")]
