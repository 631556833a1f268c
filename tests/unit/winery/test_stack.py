"""Bringing the local stack up, and forgetting what it kept."""

from pathlib import Path

import pytest

from sandbox.machine import housekeeping
from sandbox.machine.problem import Problem
from sandbox.winery import stack


def test_older_data_stops_the_start_before_anything_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "aws").mkdir()
    monkeypatch.setattr(stack, "STATE", tmp_path)
    for name in ("ensure_environments", "start_emulator", "deploy"):
        monkeypatch.setattr(stack, name, _started)
    with pytest.raises(Problem, match="older format: run make clean"):
        stack.bring_up()


def test_clean_forgets_the_data_and_the_file_with_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "state" / "aws").mkdir(parents=True)
    (tmp_path / "demo.env").touch()
    monkeypatch.setattr(housekeeping, "RUNNING", tmp_path / "run")
    monkeypatch.setattr(housekeeping, "KEPT_BY_NOBODY", (tmp_path / "state",))
    monkeypatch.setattr(housekeeping, "DEMO_ENV", tmp_path / "demo.env")
    housekeeping.clean()
    assert list(tmp_path.iterdir()) == []


def _started(*_: object) -> None:
    raise AssertionError("something was started on older data")
