"""Processes are stopped by id, and only while that id is still theirs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.machine.processes import Running, command_of, stop

SLEEP = "import time; time.sleep(600) # cellarhand-sleeper"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
)


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", SLEEP])  # noqa: S603
    yield process
    process.kill()
    process.wait()


def test_a_process_is_recalled_from_its_file(tmp_path: Path, sleeper: "subprocess.Popen[bytes]"):
    running = Running(sleeper.pid, 4566, "v1")
    running.remember(tmp_path / "run" / "aws.json")
    assert Running.recall(tmp_path / "run" / "aws.json", "cellarhand-sleeper") == running


def test_an_id_that_belongs_to_another_command_is_not_recalled(tmp_path: Path):
    Running(os.getpid(), 4566, "v1").remember(tmp_path / "aws.json")
    assert Running.recall(tmp_path / "aws.json", "cellarhand-sleeper") is None


@pytest.mark.parametrize("content", [None, "", "{}", "[1]"])
def test_a_missing_or_broken_file_recalls_nothing(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / "aws.json").write_text(content)
    assert Running.recall(tmp_path / "aws.json", "anything") is None


def test_a_stopped_process_is_gone(sleeper: "subprocess.Popen[bytes]"):
    stop(sleeper.pid, "cellarhand-sleeper")
    assert "cellarhand-sleeper" not in command_of(sleeper.pid)


def test_a_process_that_will_not_end_is_killed():
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout
        process.stdout.readline()
        stop(process.pid, "signal.SIG_IGN", patience=0.3)
        assert "signal.SIG_IGN" not in command_of(process.pid)


def test_a_process_of_another_command_is_left_alone(sleeper: "subprocess.Popen[bytes]"):
    stop(sleeper.pid, "something-else")
    assert "cellarhand-sleeper" in command_of(sleeper.pid)
