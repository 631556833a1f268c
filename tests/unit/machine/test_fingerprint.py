"""One hash tells whether any source changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.machine.fingerprint import fingerprint


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "functions" / "settings").mkdir(parents=True)
    (tmp_path / "functions" / "settings" / "app.py").write_text("a = 1")
    (tmp_path / "template.yaml").write_text("Resources: {}")
    return tmp_path


def of(root: Path) -> str:
    return fingerprint([root / "template.yaml", root / "functions", root / "absent"], root)


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda root: (root / "template.yaml").write_text("Resources: {A: 1}"),
    "a new file": lambda root: (root / "functions" / "settings" / "b.py").touch(),
    "a new name": lambda root: (root / "functions" / "settings").rename(root / "functions" / "people"),
    "a file gone": lambda root: (root / "template.yaml").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_source_changes_the_fingerprint(sources: Path, change: str):
    before = of(sources)
    CHANGES[change](sources)
    assert of(sources) != before


def test_bytecode_and_the_place_of_the_repository_do_not_count(sources: Path, tmp_path: Path):
    before = of(sources)
    (sources / "functions" / "settings" / "__pycache__").mkdir()
    (sources / "functions" / "settings" / "__pycache__" / "app.pyc").touch()
    assert of(sources) == before
    moved = sources.rename(tmp_path.with_name(tmp_path.name + "-moved"))
    assert of(moved) == before
