"""Planting a bug into a copy of the product, and looking for the test that catches it."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import yaml

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "layers" / "shared"
FOUND = ROOT / "docs" / "planted-bugs.json"
"""Which test caught which bug, when `make planted` was last run."""

LOOK_IN = ("tests/unit/order_sync", "tests/unit/customer_upsert", "tests/unit/allowances", "tests/simulation")
MAX_SECONDS = 600
_FAILED = re.compile(r"^FAILED (\S.*?)(?: - |$)", re.MULTILINE)


@dataclass(frozen=True)
class Bug:
    """One line of the product changed."""

    name: str
    file: str
    line: str
    planted: str
    look_in: tuple[str, ...] = LOOK_IN


class Escaped(Exception):  # noqa: N818
    """No test failed."""


def bugs() -> list[Bug]:
    """All that are kept as data."""
    kept = yaml.safe_load((Path(__file__).parent / "bugs.yaml").read_text())
    return [Bug(**{**bug, "look_in": tuple(bug.get("look_in", LOOK_IN))}) for bug in kept]


def plant(bug: Bug, into: Path) -> Path:
    """A copy of the product with the bug; raises `ValueError` if its line is not there exactly once.

    The bytecode is copied too: Python compiles the changed file anew, and no other.
    """
    copy = copytree(PRODUCT, into / "shared")
    file = copy / "cellarhand" / bug.file
    text = file.read_text()
    if text.count(bug.line) != 1:
        raise ValueError(f"{bug.name}: its line stands {text.count(bug.line)} times in {bug.file}")
    file.write_text(text.replace(bug.line, bug.planted))
    return copy


def catcher(bug: Bug, into: Path, tests: Sequence[str]) -> str:
    """The first of `tests` that fails with the bug planted; raises `Escaped` if none does."""
    copy = plant(bug, into)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    where = {"PYTHONPATH": f"{ROOT}:{copy}", "PYTHONDONTWRITEBYTECODE": "1"}
    quick = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run(
        [*command, "-o", f"pythonpath=. {copy}", *tests],
        cwd=ROOT,
        env={**os.environ, **where, **quick},
        capture_output=True,
        text=True,
        timeout=MAX_SECONDS,
        check=False,
    )
    if ended.returncode == 0:
        raise Escaped(bug.name)
    failed = _FAILED.search(ended.stdout)
    if failed is None:
        raise ValueError(
            f"{bug.name}: the tests could not run:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}"
        )
    return failed[1]
