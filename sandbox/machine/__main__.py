"""What the Makefile calls: `python -m sandbox.machine COMMAND`."""

import argparse
import sys
from collections.abc import Callable

from sandbox.machine.artefacts import build
from sandbox.machine.environments import ensure_environments
from sandbox.machine.housekeeping import clean, lint, lock, stop_everything
from sandbox.machine.problem import Problem


def build_for_aws() -> None:
    """Environments and artefacts, current."""
    ensure_environments()
    build()


def check() -> None:
    """Everything that the tests need and everything that comes before them."""
    build_for_aws()
    lint()


def lint_alone() -> None:
    """Style, types and template, without a build."""
    ensure_environments()
    lint()


COMMANDS: dict[str, Callable[[], None]] = {
    "build": build_for_aws,
    "check": check,
    "lint": lint_alone,
    "lock": lock,
    "stop": stop_everything,
    "clean": clean,
}


def main() -> int:
    """Run one command; a problem is one line on standard error and status 1."""
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    try:
        COMMANDS[parser.parse_args().command]()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
