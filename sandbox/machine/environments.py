"""The Python environments beside `dev`, each made from its own lock file in `requirements/`."""

import sys

from sandbox.machine.bootstrap import STAMP, digest_of, is_current
from sandbox.machine.places import ENVIRONMENTS, ROOT, program
from sandbox.machine.progress import run_logged, step

EXTRA_ARGUMENTS = {"functions": ("--compile-bytecode",)}
"""Lambda's own packages are compiled, so that a cold start here pays for no compiler either."""

ENVIRONMENT_NAMES = ("emulator", "functions", "sam")


def ensure_environments() -> None:
    """Make or bring up to date what differs from its lock. Raises Problem."""
    for name in ENVIRONMENT_NAMES:
        if not is_current(ENVIRONMENTS / name, ROOT / "requirements" / f"{name}.txt"):
            with step(f"Making the environment {name}"):
                _make(name)


def _make(name: str) -> None:
    lock, folder, uv = ROOT / "requirements" / f"{name}.txt", ENVIRONMENTS / name, program("dev", "uv")
    python = program(name, "python")
    run_logged(f"venv-{name}", [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder])
    sync = [uv, "pip", "sync", "--quiet", "--require-hashes", *EXTRA_ARGUMENTS.get(name, ())]
    run_logged(f"venv-{name}", [*sync, "--python", python, lock])
    if name == "sam":  # `sam build` installs the layer with the pip of the Python that it finds on PATH
        run_logged(f"venv-{name}", [python, "-m", "ensurepip"])
    (folder / STAMP).write_text(digest_of(lock))
