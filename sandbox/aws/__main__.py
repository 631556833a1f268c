"""Start the emulator with its gaps closed. Settings come from the environment, see
`sandbox.machine.emulator`."""

import importlib
import os
from importlib.metadata import PackageNotFoundError, version

from sandbox.aws import GAPS, MINISTACK_VERSION, WITHOUT


def main() -> None:
    """Serve until SIGTERM or SIGINT. A wrong version or gap name ends the process with one line."""
    require_version()
    os.environ.pop(
        "AWS_ENDPOINT_URL", None
    )  # else functions would call the host's endpoint instead of this one
    for gap in gaps_to_close(os.environ.get(WITHOUT, "")):
        importlib.import_module(f"sandbox.aws.{gap}").install()
    importlib.import_module("ministack.app").main()


def require_version() -> None:
    """Refuse to patch private names of any version but the one they were read in."""
    try:
        found = version("ministack")
    except PackageNotFoundError:
        found = "none"
    if found != MINISTACK_VERSION:
        raise SystemExit(f"sandbox/aws is written for ministack {MINISTACK_VERSION}, found {found}.")


def gaps_to_close(without: str) -> list[str]:
    """All gaps but those named in `without`."""
    left_open = {name.strip() for name in without.split(",") if name.strip()}
    if unknown := left_open - set(GAPS):
        raise SystemExit(f"{WITHOUT} names no gap of sandbox/aws: {', '.join(sorted(unknown))}.")
    return [gap for gap in GAPS if gap not in left_open]


if __name__ == "__main__":
    main()
