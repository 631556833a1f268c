"""The discount engine against the slow second one, on 100,000 generated cases.

python -m tests.long.discounts            # writes docs/discounts-compared.json
python -m tests.long.discounts --cases 500 --seed 7    # shows only
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

from tests.unit.discounts import reference
from tests.unit.discounts.both_engines import compare
from tests.unit.discounts.generated import asked

RESULT = Path(__file__).parents[2] / "docs" / "discounts-compared.json"
CASES = 100_000
SEED = 20_261


def main() -> None:
    """Compare; stop at the first case on which they differ, and show it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    began = time.monotonic()
    outcomes = compared(options.cases, options.seed)
    sys.stdout.write(f"{options.cases} cases alike in {time.monotonic() - began:.0f} s\n")
    if (options.cases, options.seed) == (CASES, SEED):
        result = {"cases": CASES, "seed": SEED, "differences": 0, "outcomes": dict(sorted(outcomes.items()))}
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


def compared(cases: int, seed: int) -> Counter[str]:
    """How often rules came to each outcome. Raises `AssertionError` on the first difference."""
    source = random.Random(seed)  # noqa: S311 - repeatable
    outcomes: Counter[str] = Counter()
    for _ in range(cases):
        case = asked(source)
        compare(case)
        outcomes.update(reference.answer(case).outcomes.values())
    return outcomes


if __name__ == "__main__":
    main()
