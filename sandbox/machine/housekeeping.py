"""Check the code, pin the packages anew, stop what was started here, and forget what it kept."""

import shutil

from sandbox.machine.artefacts import sam_environment
from sandbox.machine.places import BUILD, DEMO_ENV, LOCAL, LOGS, RUNNING, STATE, TEMPORARY, program
from sandbox.machine.processes import Running, stop
from sandbox.machine.progress import run_logged, step

KEPT_BY_NOBODY = (STATE, LOCAL / "s3", TEMPORARY, LOGS, RUNNING, BUILD.parent)
LOCKS = {
    "layer": "layers/dependencies/requirements.txt",
    "settings": "functions/settings/requirements.txt",
    **{name: f"requirements/{name}.txt" for name in ("functions", "dev", "emulator", "sam")},
}


def lint() -> None:
    """Style, types and the template. Raises Problem, after showing what was found."""
    ruff, mypy, sam = program("dev", "ruff"), program("dev", "mypy"), program("sam", "sam")
    with step("Checking style"):
        run_logged("ruff", [ruff, "check", "."])
        run_logged("ruff-format", [ruff, "format", "--check", "."])
    with step("Checking types"):
        run_logged("mypy", [mypy])
    with step("Checking the template"):
        run_logged("sam-validate", [sam, "validate", "--lint"], sam_environment())


def stop_everything() -> None:
    """Stop every process remembered in `.local/run`, where `aws-4566.json` is `sandbox.aws` on port 4566."""
    for record in sorted(RUNNING.glob("*-*.json")):
        command = f"sandbox.{record.stem.rsplit('-', 1)[0]}"
        if running := Running.recall(record, command):
            with step(f"Stopping {command}"):
                stop(running.pid, command)
        record.unlink(missing_ok=True)


def clean() -> None:
    """Stop everything and forget data, logs and build. The environments stay, for they follow their locks."""
    stop_everything()
    for folder in KEPT_BY_NOBODY:
        shutil.rmtree(folder, ignore_errors=True)
    DEMO_ENV.unlink(missing_ok=True)


def lock() -> None:
    """Resolve `requirements/*.in` to the newest versions that fit, with hashes."""
    options = ["--quiet", "--upgrade", "--generate-hashes", "--no-header", "--python-version", "3.13"]
    for name, target in LOCKS.items():
        with step(f"Pinning {target}"):
            source = f"requirements/{name}.in"
            compile_lock = ["pip", "compile", *options, source, "-o", target]
            run_logged(f"lock-{name}", [program("dev", "uv"), *compile_lock])
