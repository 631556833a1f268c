"""Many runs, on all cores: every single fault, every pair, and storms from seeds.

Processes are forked, so that fingerprints made by one are understood by all.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from multiprocessing import get_context
from multiprocessing.pool import Pool

from tests.simulation.kernel.faults.pairs import Meeting, meetings, new_pairs
from tests.simulation.kernel.faults.replay import Spec
from tests.simulation.kernel.faults.singles import faults_at
from tests.simulation.kernel.platform.run import Ran, run
from tests.simulation.tally import Done, Tally, never_fired
from tests.simulation.workflows.catalogue import EVERY, WORKFLOWS

AT_ONCE = 20
"""Runs that a process is given together."""
RUNS_OF_A_PROCESS = 400
"""Batches, after which it is replaced: what it has cached is not worth its memory any more."""

type Progress = Callable[[str, Tally], object]


def pool() -> Pool:
    """As many processes as there are cores."""
    return get_context("fork").Pool(os.cpu_count(), maxtasksperchild=RUNS_OF_A_PROCESS)


def replayed(spec: Spec) -> Ran:
    """One run again."""
    return run(EVERY[spec.workflow], spec.faults, seed=spec.seed)


def singles_of(workers: Pool, name: str, progress: Progress) -> Tally:
    """Each single fault of a workflow; fails if one that could happen never did."""
    tally, fired = Tally(), []
    flawless = run(WORKFLOWS[name])
    tally.add(Done.of(flawless))
    for ran in _each(workers, _ran, _singles(name, flawless)):
        tally.add(Done.of(ran))
        fired += ran.fired
        progress(name, tally)
    tally.wrong += [f"{name}: {text}" for text in never_fired(flawless.met, fired)]
    return tally


def pairs_of(workers: Pool, name: str, progress: Progress) -> Tally:
    """Each pair of faults of a workflow that does not go on like one before it."""
    tally, known = Tally(), set[Meeting]()
    flawless = run(WORKFLOWS[name], fingerprinted=True)
    known.update(meeting for meeting, _ in meetings(flawless))
    found: list[Spec] = []
    for ran in _each(workers, _fingerprinted, _singles(name, flawless)):
        new = [Spec(name, faults) for faults in new_pairs([ran], known)]
        tally.left_out += sum(1 for _ in meetings(ran)) - len(new)
        found += new
    for done in _each(workers, _done, found):
        tally.add(done)
        progress(name, tally)
    return tally


def storms(workers: Pool, seeds: Iterable[int], progress: Progress) -> Tally:
    """Random faults, three and more, in one run of everything for each seed."""
    tally = Tally()
    for done in _each(workers, _done, (Spec("storm", seed=seed) for seed in seeds)):
        tally.add(done)
        progress("storm", tally)
    return tally


def _singles(name: str, flawless: Ran) -> Iterator[Spec]:
    return (Spec(name, (fault,)) for fault in faults_at(flawless.met))


def _each[T](workers: Pool, work: Callable[[Spec], T], specs: Iterable[Spec]) -> Iterator[T]:
    jobs = ((work, batch) for batch in batched(specs, AT_ONCE, strict=False))
    for results in workers.imap(_all, jobs):
        yield from results


def _all[T](job: tuple[Callable[[Spec], T], tuple[Spec, ...]]) -> list[T]:
    work, specs = job
    return [work(spec) for spec in specs]


def _ran(spec: Spec) -> Ran:
    return replayed(spec)


def _fingerprinted(spec: Spec) -> Ran:
    return run(EVERY[spec.workflow], spec.faults, fingerprinted=True)


def _done(spec: Spec) -> Done:
    return Done.of(replayed(spec))
