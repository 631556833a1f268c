"""Instructions per visit, counted by valgrind: exact where a clock is not. Run, it is what it counts."""

import gc
import os
import re
import subprocess
import sys
from pathlib import Path

from .subject import BEST, STACK, Cellarhand, read, whole
from .workload import never_matching, rules, visits

ROOT = Path(__file__).parents[2]
COUNTED = 1_000
WARM_UP = 8_000


def per_visit(rule_count: int, what: str) -> float:
    """Instructions of one visit more, by the difference of two runs. `what`: `decide` or `quote`."""
    return (_run(rule_count, what, 2 * COUNTED) - _run(rule_count, what, COUNTED)) / COUNTED


def _run(rule_count: int, what: str, count: int) -> int:
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    child = [
        sys.executable,
        "-m",
        "benchmarks.discount_engines.instructions",
        str(rule_count),
        what,
        str(count),
    ]
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": path}
    done = subprocess.run(
        command + child, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr)
    return int(found[1].replace(",", ""))


def _counted(rule_count: int, what: str, count: int) -> None:
    """50 rules, and so many more of which none ever matches."""
    every = rules(50) + never_matching(rule_count - 50)
    asked = visits(WARM_UP + 2 * COUNTED, seed=5)
    engine = Cellarhand(every, STACK if what == "quote" else BEST)
    prepared = [engine.prepared(visit) for visit in asked]
    wholes = [whole(visit, explain="near") for visit in asked]
    gc.disable()
    if what == "decide":
        for arguments in prepared[: WARM_UP + count]:
            engine.decide(*arguments)
    else:
        for each in wholes[: WARM_UP + count]:
            read(engine.price(each))


if __name__ == "__main__":
    _counted(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    os._exit(0)
