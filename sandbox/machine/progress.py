"""One line per step, so that a person who waits knows for what."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.machine.places import LOGS, ROOT
from sandbox.machine.problem import Problem

LINES_SHOWN = 25


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what begins, and how long it took once it has worked."""
    print(f"{name} ...", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def run_logged(
    name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> None:
    """Run in the repository with all output in `.local/log/NAME.log`; raises Problem, its end shown."""
    log = LOGS / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            check=False,
        )
    if done.returncode:
        end = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        print("\n" + "\n".join(end), flush=True)
        raise Problem(
            f"{Path(command[0]).name} {command[1]} failed; all of its output is in {log.relative_to(ROOT)}."
        )
