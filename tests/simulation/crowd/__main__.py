"""`make outage`: 10,000 bookings of 50 wineries in a day without any CRM; the result goes to docs/."""

import json
import sys
import time
from pathlib import Path

from tests.simulation.crowd.neighbours import TROUBLES, none, observe
from tests.simulation.crowd.outage import HOUR, MOST_TO_DRAIN, suffer

RESULT = Path(__file__).parents[3] / "docs" / "outage.json"
WINERIES, EACH = 50, 200


def main() -> int:
    """Exit code 1 if anything was lost, doubled, given up or late."""
    began = time.monotonic()
    outage = suffer(WINERIES, EACH)
    neighbours = {trouble.__name__: observe(trouble).as_data() for trouble in (none, *TROUBLES.values())}
    RESULT.write_text(json.dumps({"outage": outage.as_data(), "neighbours": neighbours}, indent=2) + "\n")
    sys.stdout.write(f"{RESULT.read_text()}after {time.monotonic() - began:.0f} s\n")
    wrong = outage.lost + outage.doubled + outage.dead_letters + len(outage.wrong)
    return int(bool(wrong) or outage.synced < WINERIES * EACH or outage.drained_after * HOUR > MOST_TO_DRAIN)


if __name__ == "__main__":
    sys.exit(main())
