"""Processes that outlive the command which started them: remembered by id and port, stopped by id alone."""

import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Running:
    """A process as it is remembered in a file under `.local/run`."""

    pid: int
    port: int
    version: str
    """Fingerprint of what it was started from."""

    def remember(self, file: Path) -> None:
        """Write the file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def recall(cls, file: Path, command: str) -> Self | None:
        """What is remembered, if that process still runs `command`; else its id is another's now."""
        try:
            remembered = cls(**json.loads(file.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return remembered if command in command_of(remembered.pid) else None


def command_of(pid: int) -> str:
    """The process's command line; empty when it has ended."""
    _reap(pid)
    asked = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def stop(pid: int, command: str, patience: float = 15.0) -> None:
    """Ask the process to end and wait; after `patience` seconds it is killed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if command not in command_of(pid):
            return
        os.kill(pid, sign)
        deadline = time.monotonic() + patience
        while command in command_of(pid) and time.monotonic() < deadline:
            time.sleep(0.05)


def _reap(pid: int) -> None:
    """Take note of a child that has ended, which `ps` would still list."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
