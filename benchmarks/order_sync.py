"""Order sync measured: what a synced reservation costs, how fast orders go, and how fairly.

    make bench ONLY=order_sync
    .local/venv/dev/bin/python benchmarks/order_sync.py --only costs --check

Each part is a module of `benchmarks/order_syncs` with a function `goals()`, which prints its tables and
yields what has to be reached. `--check` fails when a goal is missed.
"""

import argparse
import sys
from importlib import import_module

from benchmarks.order_syncs import figures
from benchmarks.order_syncs.goals import HEAD, Goal

PARTS = ("costs", "histories", "idle_tenants", "agreement", "throughput", "failing_crm", "fairness")


def main() -> None:
    """Print the tables; with `--check`, exit non-zero when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=str(PARTS))
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {figures.FILE}")
    arguments = parser.parse_args()
    goals = [goal for part in arguments.only for goal in _goals_of(part)]
    print(HEAD)
    for goal in goals:
        print(goal.row)
    if arguments.write:
        figures.write(goals)
    if arguments.check and any(goal.missed for goal in goals):
        sys.exit("A goal is missed.")


def _goals_of(part: str) -> list[Goal]:
    return list(import_module(f"benchmarks.order_syncs.{part}").goals())


if __name__ == "__main__":
    main()
