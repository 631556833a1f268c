"""`make planted`: for each planted bug the first test that catches it; the answer goes to docs/."""

import argparse
import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.planted_bugs.planting import FOUND, Bug, Escaped, bugs, catcher


def _look(bug: Bug) -> str | None:
    with tempfile.TemporaryDirectory() as empty:
        try:
            caught_by = catcher(bug, Path(empty), bug.look_in)
        except Escaped:
            caught_by = None
    print(f"{bug.name}: {caught_by or 'ESCAPED'}", flush=True)
    return caught_by


def main() -> int:
    """Exit code 1 if a bug escaped."""
    parser = argparse.ArgumentParser(prog="make planted", description=__doc__)
    parser.add_argument("names", nargs="*", help="only bugs whose name contains one of these")
    names = parser.parse_args().names
    wanted = [bug for bug in bugs() if not names or any(name in bug.name for name in names)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        caught = {bug.name: by for bug, by in zip(wanted, pool.map(_look, wanted), strict=True) if by}
    before = json.loads(FOUND.read_text()) if names and FOUND.exists() else {}
    FOUND.write_text(json.dumps({**before, **caught}, indent=2) + "\n")
    print(f"{len(caught)} of {len(wanted)} caught")
    return int(len(caught) < len(wanted))


if __name__ == "__main__":
    sys.exit(main())
