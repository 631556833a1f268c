"""`sam build`, and the bytecode that SAM's copy leaves out."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox.machine.aws_session import REGION, without_aws
from sandbox.machine.fingerprint import fingerprint
from sandbox.machine.places import BUILD, ROOT, program
from sandbox.machine.progress import run_logged, step

SOURCES = ("template.yaml", "functions", "layers", "requirements/sam.txt")
STAMP = BUILD / "cellarhand-source.sha256"
"""Inside the folder that `sam build` empties, so that a build made in another way is never taken for ours."""


def build() -> str:
    """Bring `.aws-sam/build` up to date and answer the fingerprint of its sources. Raises Problem."""
    source = fingerprint([ROOT / name for name in SOURCES], ROOT)
    if STAMP.exists() and STAMP.read_text() == source:
        return source
    with step("Building functions and layers"):
        run_logged("sam-build", [program("sam", "sam"), "build", "--cached", "--parallel"], sam_environment())
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(_compile, sorted(folder for folder in BUILD.iterdir() if folder.is_dir())))
    STAMP.write_text(source)
    return source


def sam_environment() -> dict[str, str]:
    """What SAM sees: its own Python 3.13 and pip first on PATH, and no AWS account."""
    path = os.pathsep.join([str(program("sam", "python").parent), os.environ.get("PATH", "")])
    environment = without_aws() | {"PATH": path, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": REGION}
    environment.pop("PYTHONPATH", None)  # SAM and pip must not meet our packages
    return environment


def _compile(artefact: Path) -> None:
    """Compile one artefact to bytecode that holds whatever date its source file gets.

    The zip's dates differ from the files', so the usual bytecode would be out of date on arrival. Traces show
    the paths that the files have in Lambda.
    """
    place = "/opt" if (artefact / "python").is_dir() else "/var/task"
    options: list[str | Path] = [
        "-q",
        "-f",
        "--invalidation-mode",
        "unchecked-hash",
        "-s",
        artefact,
        "-p",
        place,
    ]
    run_logged(f"compile-{artefact.name}", [sys.executable, "-m", "compileall", *options, artefact])
