"""`make simulate`: run the whole campaign or a part of it, or one run again.

What each workflow came to, in counts and violations, goes to `docs/simulation.json` as soon as it is known,
with the version of the code that it is of. To resume leaves out what was well with this very code.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from tests.simulation.campaign import pairs_of, pool, replayed, singles_of, storms
from tests.simulation.code_version import code_version
from tests.simulation.kernel.faults.replay import Spec
from tests.simulation.tally import Tally
from tests.simulation.workflows.catalogue import WORKFLOWS

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "docs" / "simulation.json"
SEEDS = 10_000
PARTS = ("singles", "pairs", "seeds")
MAX_SHOWN = 20


def main() -> int:
    """The exit status: 1 if anything is wrong."""
    arguments = _arguments()
    if arguments.replay:
        return _replay(Spec.read(arguments.replay))
    wanted = [arguments.only] if arguments.only else list(PARTS)
    names = [arguments.workflow] if arguments.workflow else list(WORKFLOWS)
    violations, version = [], code_version(ROOT)
    for part in wanted:
        with pool() as workers:
            for name, work in _works(part, names, range(arguments.seeds), workers):
                if not (arguments.resume and _was_well(part, name, version)):
                    violations += _worked(part, name, work, version).wrong
    return _verdict(violations)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--workflow", choices=list(WORKFLOWS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--replay")
    return parser.parse_args()


def _works(
    part: str, names: list[str], seeds: range, workers: Pool
) -> Iterator[tuple[str, Callable[[], Tally]]]:
    if part == "seeds":
        yield "storm", partial(storms, workers, seeds, _progress)
        return
    of = singles_of if part == "singles" else pairs_of
    yield from ((name, partial(of, workers, name, _progress)) for name in names)


def _was_well(part: str, name: str, version: str) -> bool:
    """Never of storms, of which more may be wanted than last time."""
    last = _results().get(part, {}).get(name, {}) if part != "seeds" else {}
    return last.get("code") == version and not last["violations"]


def _results() -> dict[str, Any]:
    return json.loads(RESULT.read_text()) if RESULT.exists() else {}


def _worked(part: str, name: str, work: Callable[[], Tally], version: str) -> Tally:
    began = time.monotonic()
    tally = work()
    seconds = round(time.monotonic() - began)
    result = _results()
    result.setdefault(part, {})[name] = {"code": version, "seconds": seconds, **tally.as_json()}
    RESULT.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    _say(f"\r{part} {name}: {tally.runs} runs in {seconds} s, {len(tally.wrong)} wrong".ljust(80) + "\n")
    return tally


def _replay(spec: Spec) -> int:
    ran = replayed(spec)
    for met in ran.met:
        gone_wrong = [fault.kind for fault in ran.fired if fault.point == met.point]
        _say(f"{met.at:10.2f}  {met.point}  {' '.join(gone_wrong)}\n")
    return _verdict(ran.violations)


def _progress(name: str, tally: Tally) -> None:
    if tally.runs % 100 == 0:
        _say(f"\r{name}: {tally.runs} runs, {tally.fired.total()} faults, {len(tally.wrong)} wrong   ")


def _verdict(violations: list[str]) -> int:
    _say("\n".join(violations[:MAX_SHOWN]) + f"\n{len(violations)} violations\n")
    return min(1, len(violations))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
