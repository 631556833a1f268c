"""Everything that is checked before the tests run."""

from sandbox.machine.artefacts import sam_environment
from sandbox.machine.places import program
from sandbox.machine.progress import run_logged, step


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
