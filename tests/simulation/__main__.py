"""`make simulate`: run the whole campaign or a part of it, or one run again.

The result of a complete campaign, counts and violations, goes to `docs/simulation.json`.
"""

import argparse
import json
import sys
import time
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from tests.simulation.campaign import pairs_of, pool, replayed, singles_of, storms
from tests.simulation.kernel.replay import Spec
from tests.simulation.tally import Tally
from tests.simulation.workflows.catalogue import WORKFLOWS

RESULT = Path("docs/simulation.json")
SEEDS = 10_000
PARTS = ("singles", "pairs", "seeds")
MOST_SHOWN = 20


def main() -> int:
    """How many violations there are, at most 1: the exit status."""
    arguments = _arguments()
    if arguments.replay:
        return _replay(Spec.read(arguments.replay))
    wanted = [arguments.only] if arguments.only else list(PARTS)
    names = [arguments.workflow] if arguments.workflow else list(WORKFLOWS)
    result = _kept() | {part: _part(part, names, arguments.seeds) for part in wanted}
    if not arguments.workflow:
        RESULT.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    return _verdict([text for part in wanted for text in _violations(result[part])])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--workflow", choices=list(WORKFLOWS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--replay")
    return parser.parse_args()


def _replay(spec: Spec) -> int:
    ran = replayed(spec)
    for met in ran.met:
        gone_wrong = [fault.kind for fault in ran.fired if fault.point == met.point]
        _say(f"{met.at:10.2f}  {met.point}  {' '.join(gone_wrong)}\n")
    return _verdict(ran.violations)


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    return kept


def _part(part: str, names: list[str], seeds: int) -> dict[str, Any]:
    began = time.monotonic()
    with pool() as workers:
        tallies = _tallies(part, names, seeds, workers)
    seconds = round(time.monotonic() - began)
    return {"seconds": seconds, "workflows": {name: tally.as_json() for name, tally in tallies.items()}}


def _tallies(part: str, names: list[str], seeds: int, workers: Pool) -> dict[str, Tally]:
    if part == "seeds":
        return {"storm": storms(workers, range(seeds), _progress)}
    of = singles_of if part == "singles" else pairs_of
    return {name: of(workers, name, _progress) for name in names}


def _progress(name: str, tally: Tally) -> None:
    if tally.runs % 100 == 0:
        _say(f"\r{name}: {tally.runs} runs, {sum(tally.fired.values())} faults, {len(tally.wrong)} wrong   ")


def _violations(part: dict[str, Any]) -> list[str]:
    return [text for tally in part["workflows"].values() for text in tally["violations"]]


def _verdict(violations: list[str]) -> int:
    _say("\n" + "\n".join(violations[:MOST_SHOWN]) + f"\n{len(violations)} violations\n")
    return min(1, len(violations))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
