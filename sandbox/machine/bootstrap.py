"""Make the environment `dev` from its lock file, with nothing at hand but Python, make and git.

The Makefile runs this file by whatever Python it meets first, so it keeps to the standard library and to
syntax that older versions read too.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / ".local" / "venv" / "dev"
LOCK = ROOT / "requirements" / "dev.txt"
STAMP = "lock.sha256"
REQUIRED_VERSION = "3.13"
ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)"


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """Where a Python 3.13 may be: on PATH, then among pyenv's versions, whether active or not."""
    for name in ("python3.13", "python3", "python"):
        for folder in environ.get("PATH", "").split(os.pathsep):
            yield os.path.join(folder, name)
    for root in (environ.get("PYENV_ROOT", ""), os.path.join(environ.get("HOME", ""), ".pyenv")):
        yield from sorted(glob.glob(os.path.join(root, "versions", "3.13*", "bin", "python")), reverse=True)


def find_python(environ: Mapping[str, str], ask: Callable[[str], str | None]) -> str | None:
    """The first candidate that `ask` confirms, as the path that `ask` answers."""
    return next((answer for answer in map(ask, candidates(environ)) if answer), None)


def interpreter(path: str) -> str | None:
    """The real path of the interpreter when it is a Python 3.13; a shim may lead nowhere."""
    if not os.access(path, os.X_OK):
        return None
    answer = subprocess.run([path, "-c", ASK_VERSION], capture_output=True, text=True, cwd=str(ROOT))
    lines = answer.stdout.split("\n")
    return lines[1] if answer.returncode == 0 and lines[0] == REQUIRED_VERSION else None


def missing_tool(which: Callable[[str], str | None]) -> str | None:
    """The first tool that is needed and not there."""
    return next((tool for tool in ("make", "git") if which(tool) is None), None)


def digest_of(lock: Path) -> str:
    """What the stamp of an up-to-date environment says."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def is_current(environment: Path, lock: Path) -> bool:
    """Whether the environment was made from this very lock file, and its Python is still there."""
    stamp = environment / STAMP
    return (
        (environment / "bin" / "python").exists() and stamp.exists() and stamp.read_text() == digest_of(lock)
    )


def pinned(package: str, lock: str) -> str:
    """The package's own lines in a lock file with hashes."""
    start = lock.index(package + "==")
    end = lock.find("\n", start)
    while lock[end + 1 : end + 2] in (" ", "#"):
        end = lock.find("\n", end + 1)
    return lock[start:end] + "\n"


def run(*command: object) -> None:
    """Run quietly; show what was printed and end the process when it fails."""
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit("Could not make .local/venv/dev: " + " ".join(str(part) for part in command[:4]))


def make_environment(python: str) -> None:
    """Create `dev` and install exactly what the lock names."""
    uv = DEV / "bin" / "uv"
    if not uv.exists() or not (DEV / "bin" / "python").exists():
        run(python, "-m", "venv", "--clear", DEV)
        with tempfile.TemporaryDirectory() as folder:
            only_uv = Path(folder) / "uv.txt"
            only_uv.write_text(pinned("uv", LOCK.read_text()))
            run(DEV / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", only_uv)
    run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", DEV / "bin" / "python", LOCK)
    (DEV / STAMP).write_text(digest_of(LOCK))


def main() -> None:
    """Do nothing when `dev` is current. What is missing is named in one line."""
    if is_current(DEV, LOCK):
        return
    if tool := missing_tool(shutil.which):
        raise SystemExit(f"Cellarhand needs {tool}: please install it.")
    python = find_python(os.environ, interpreter)
    if python is None:
        raise SystemExit("Cellarhand needs Python 3.13: install it, or run `pyenv install 3.13`.")
    print("Making the environment dev ...", flush=True)
    make_environment(python)


if __name__ == "__main__":
    main()
