"""`make outage`: 10,000 bookings of 50 wineries in a day without any CRM; wineries in trouble beside others.

The result goes to docs/; with `ONLY=neighbours` the day's is kept.
"""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.simulation.crowd.crowd_world import NOTHING_RESERVED, PRODUCTION
from tests.simulation.crowd.neighbours import TROUBLES, WINERIES, observe, quiet
from tests.simulation.crowd.outage import HOUR, MAX_TO_DRAIN, suffer

RESULT = Path(__file__).parents[3] / "docs" / "outage.json"
AWAY, EACH = 50, 200
CROWD = 3 * WINERIES


def main(only: str = "") -> int:
    """Exit code 1 if anything was lost, doubled, given up or late, or if the others noticed too much."""
    began = time.monotonic()
    result = json.loads(RESULT.read_text()) if only else {}
    kept = True
    if not only:
        result["outage"], kept = _outage()
    few, few_keep = _neighbours(PRODUCTION)
    many, many_keep = _neighbours(PRODUCTION, CROWD)
    unreserved, _ = _neighbours(NOTHING_RESERVED)
    result["neighbours"] = {
        "one_of_20_wineries": few,
        "three_of_60_wineries": many,
        "one_of_20_wineries_with_nothing_reserved": unreserved,
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    sys.stdout.write(f"{RESULT.read_text()}after {time.monotonic() - began:.0f} s\n")
    return int(not (kept and few_keep and many_keep))


def _outage() -> tuple[dict[str, object], bool]:
    outage = suffer(AWAY, EACH)
    wrong = outage.lost + outage.doubled + outage.dead_letters + len(outage.wrong)
    late = outage.synced < AWAY * EACH or outage.drained_after * HOUR > MAX_TO_DRAIN
    return outage.as_data(), not (wrong or late)


def _neighbours(most_at_once: Mapping[str, int], wineries: int = WINERIES) -> tuple[dict[str, object], bool]:
    """What was measured, and whether the others had what they are promised throughout."""
    usual = observe(quiet, most_at_once, wineries)
    noticed = {name: observe(trouble, most_at_once, wineries) for name, trouble in TROUBLES.items()}
    rows: dict[str, object] = {name: each.beside(usual) for name, each in {"quiet": usual, **noticed}.items()}
    return rows, all(each.is_little_beside(usual) for each in noticed.values())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
