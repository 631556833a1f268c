"""Where things are: the repository and what is kept under `.local/`, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
ENVIRONMENTS = LOCAL / "venv"
STATE = LOCAL / "state"
TEMPORARY = LOCAL / "tmp"
LOGS = LOCAL / "log"
RUNNING = LOCAL / "run"
DEMO_ENV = LOCAL / "demo.env"
BUILD = ROOT / ".aws-sam" / "build"


def program(environment: str, name: str) -> Path:
    """A program of one of the environments, as `program("sam", "sam")`."""
    return ENVIRONMENTS / environment / "bin" / name
