"""Discount decisions side by side in one run on one core: Cellarhand, zen-engine and a plain loop.

    make bench ONLY=discounts

Every engine is given the same rules and the same visits, new ones in every round, with its facts made
beforehand; all must come to the same decisions. `--check` fails when a goal is missed.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.discount_engines import instructions
from benchmarks.discount_engines.loop_peer import PlainLoop
from benchmarks.discount_engines.rounds import Contender, Timed, interleaved, ratio
from benchmarks.discount_engines.rules_as_numbers import facts
from benchmarks.discount_engines.subject import STACK, Cellarhand, parse, read, whole
from benchmarks.discount_engines.workload import rules, visits
from benchmarks.discount_engines.zen_peer import ZenEngine
from cellarhand.domain.discounts.engine.compiled_schema import compile_schema
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema

SIZES = (50, 500, 5_000)
VISITS = 10_000
ROUNDS = 7
WARM_ROUNDS = 10
"""Rounds before the first that counts: a process answers for hours, and remembers."""
PATIENCE = 4_000_000
"""Rules asked by a peer in a round: at 5,000 rules it sees fewer visits than 10,000."""
COMPARED = 500


class Goal(NamedTuple):
    """What was reached, and what has to be: at least, or at most."""

    what: str
    reached: float
    wanted: float
    at_least: bool

    @property
    def missed(self) -> bool:
        """Whether it falls short."""
        return self.reached < self.wanted if self.at_least else self.reached > self.wanted


def main() -> None:
    """Print the tables; with `--check`, exit non-zero when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    check = parser.parse_args().check
    goals = [goal for size in SIZES for goal in side_by_side(size)]
    goals += [*quotes(), *set_up(), *growth()]
    print("\n| goal | wanted | reached |\n| --- | --: | --: |")
    for goal in goals:
        sign, mark = ("≥" if goal.at_least else "≤"), (" missed" if goal.missed else "")
        print(f"| {goal.what} | {sign} {goal.wanted:g} | {goal.reached:.2f}{mark} |")
    if check and any(goal.missed for goal in goals):
        sys.exit("A goal is missed.")


def side_by_side(size: int) -> Iterator[Goal]:
    """Deciding and pricing without an explanation, at one number of rules."""
    written = rules(size)
    ours, zen, loop = Cellarhand(written), ZenEngine(written), PlainLoop(written)
    _agree(ours, zen, loop)
    contenders = [
        Contender("Cellarhand", ours.prepared, ours.decide),
        Contender("zen-engine, one expression", lambda visit: (facts(visit),), zen.evaluate),
        Contender("plain loop", lambda visit: (facts(visit),), loop.evaluate),
    ]
    for seed in range(WARM_ROUNDS):
        for visit in visits(VISITS, seed):
            ours.decide(*ours.prepared(visit))
    count = min(VISITS, PATIENCE // size)
    timed = interleaved(contenders, (visits(count, 100 + number) for number in range(ROUNDS)))
    _table(f"Deciding, {size} rules, {count} visits a round", timed, size)
    zen_time = timed["zen-engine, one expression"]
    if size == SIZES[0]:
        yield Goal("deciding, times zen-engine at 50 rules", ratio(zen_time, timed["Cellarhand"]), 20, True)


def quotes() -> Iterator[Goal]:
    """The whole quote of 50 rules: stacked, capped, rounded, explained; and from JSON to JSON."""
    written = rules(50)
    ours, zen = Cellarhand(written, STACK), ZenEngine(written)
    contenders = [
        Contender(
            "Cellarhand, whole quote, read",
            lambda visit: ours.situated(whole(visit)),
            lambda w, asked: read(ours.price_facts(w, asked)),
        ),
        Contender(
            "Cellarhand, the same from the request",
            lambda visit: (whole(visit),),
            lambda w: read(ours.price(w)),
        ),
        Contender("zen-engine, deciding alone", lambda visit: (facts(visit),), zen.evaluate),
        Contender("Cellarhand, JSON to JSON", lambda visit: (whole(visit),), ours.answer),
        Contender("parsing the request alone", lambda visit: (whole(visit).body,), parse),
    ]
    for seed in range(WARM_ROUNDS):
        for visit in visits(VISITS, seed):
            ours.price(whole(visit))
    timed = interleaved(contenders, (visits(VISITS, 200 + number) for number in range(ROUNDS)))
    _table(f"The whole quote, 50 rules, {VISITS} visits a round", timed, 50)
    quote, _, zen_time, answer, parsing = timed.values()
    yield Goal("whole quote explained, times zen-engine deciding", ratio(zen_time, quote), 1, True)
    yield Goal("JSON to JSON, in parsings of the request", ratio(answer, parsing), 15, False)


def set_up() -> Iterator[Goal]:
    """Microseconds a rule to make a schema ready, in a young process as in a function: the best of the
    rounds, since nothing else of a time that has no peer in the run is stable."""
    print("\n| rules | read the document | make ready, median | best |\n| --: | --: | --: | --: |")
    for size in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as young:
            runs = young.submit(_set_up_rounds, size).result()
        reading, compiling = (sorted(column)[ROUNDS // 2] for column in zip(*runs, strict=True))
        best = min(compiling for _, compiling in runs)
        print(f"| {size} | {reading:.1f} µs | {compiling:.1f} µs | {best:.1f} µs |")
        yield Goal(f"set-up, µs a rule at {size} rules", best, 25, False)


def growth() -> Iterator[Goal]:
    """5,000 rules against 50, in instructions, where the same rules match."""
    if shutil.which("valgrind") is None:
        sys.exit("valgrind counts the instructions: apt-get install valgrind")
    print("\n| instructions a visit | 50 rules | 5,000 rules |\n| --- | --: | --: |")
    for what in ("decide", "quote"):
        few, many = instructions.per_visit(50, what), instructions.per_visit(5_000, what)
        print(f"| {what} | {few:,.0f} | {many:,.0f} |")
        if what == "decide":
            yield Goal("instructions, 5,000 rules against 50", many / few, 3.5, False)


def _agree(ours: Cellarhand, zen: ZenEngine, loop: PlainLoop) -> None:
    """All engines decide alike, or there is nothing to compare."""
    for visit in visits(COMPARED, seed=99):
        decisions = {
            ours.decision(ours.prepared(visit)),
            zen.decision(zen.evaluate(facts(visit))),
            loop.evaluate(facts(visit)),
        }
        if len(decisions) > 1:
            sys.exit(f"The engines disagree on {visit}: {decisions}")


def _set_up_rounds(size: int) -> list[tuple[float, float]]:
    text = DiscountSchema.model_validate({"rules": rules(size)}).model_dump_json()
    return [_set_up_once(text, size) for _ in range(ROUNDS)]


def _set_up_once(text: str, size: int) -> tuple[float, float]:
    began = time.process_time()
    schema = DiscountSchema.model_validate_json(text)
    read_at = time.process_time()
    compile_schema(schema, Meanings())
    return (read_at - began) / size * 1e6, (time.process_time() - read_at) / size * 1e6


def _table(title: str, timed: dict[str, Timed], size: int) -> None:
    print(f"\n{title}\n\n| engine | µs | p50 | p99 | visits/s | rules/s |")
    print("| --- | --: | --: | --: | --: | --: |")
    for name, each in timed.items():
        rate = 1e6 / each.typical
        print(
            f"| {name} | {each.typical:.2f} | {each.p50:.2f} | {each.p99:.2f}"
            f" | {rate:,.0f} | {rate * size / 1e6:,.1f} M |"
        )


if __name__ == "__main__":
    main()
