"""A result names the code that it is of."""

from pathlib import Path

import pytest

from tests.simulation.code_version import code_version

SOURCES = (
    "functions/quote/app.py",
    "layers/shared/cellarhand/ports.py",
    "tests/simulation/workflows/orders.py",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Sources, and a file that is none of them."""
    for name in (*SOURCES, "docs/notes.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text("a = 1\n")
    return tmp_path


def test_the_same_sources_are_the_same_version(root: Path):
    assert code_version(root) == code_version(root)


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_source_is_another_version(root: Path, name: str):
    before = code_version(root)
    (root / name).write_text("a = 2\n")
    assert code_version(root) != before


def test_a_source_of_another_name_is_another_version(root: Path):
    before = code_version(root)
    (root / "functions/quote/app.py").rename(root / "functions/quote/main.py")
    assert code_version(root) != before


def test_what_is_not_simulated_does_not_count(root: Path):
    before = code_version(root)
    (root / "docs/notes.py").write_text("a = 2\n")
    assert code_version(root) == before
