"""Find due work that lost its message, and leave a new one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched, islice
from typing import NamedTuple

from cellarhand.domain.records import DUE_SHARDS, DueWork, Key, tenant_of
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.ports.signals import Hints, Metrics

CUSTOMER_UPSERT_RETRY = "customer-upsert-retry"
ORDER_SYNC = "order-sync"
MAX_PER_SHARD = 10_000
"""Far more than one winery's flood leaves in a shard: else its older work would hide everybody's newer."""
MAX_PER_HINT = 100
"""Reservations that one hint names: about what a tenant's worker does until the next sweep."""
MAX_HINTS = 10
"""For one tenant and queue in one sweep: more than its CRM takes in a minute, however much is due."""
SWEEP_SECONDS_TO_SPARE = 5.0
"""Left at the end of an invocation for the last hint and the metrics."""

_QUEUE_OF = {"RES#": CUSTOMER_UPSERT_RETRY, "RUN#": ORDER_SYNC, "CHECK#": ORDER_SYNC}


class UnknownWorkError(LookupError):
    """The due index holds a kind of record that nobody works on: a fault of ours."""


class Sweep(NamedTuple):
    """What a sweep did. `is_complete`: no more was due than it could take."""

    hints: int
    oldest_seconds: dict[str, float]
    is_complete: bool


class SweepDueWork:
    """Bounded by shard and by time: what is left over, the next sweep finds first, for it waits longest.

    A hint too many does no harm; that is why no one remembers which hints were left.
    """

    def __init__(self, ledger: Records, hints: Hints, metrics: Metrics, clock: Clock) -> None:
        self._ledger = ledger
        self._hints = hints
        self._metrics = metrics
        self._clock = clock

    def __call__(self, deadline: Deadline) -> Sweep:
        """Leave a hint for all that is due. Raises `StorageUnavailableError`: the next sweep is soon.

        Raises `UnknownWorkError` after it has left the hints that it could.
        """
        now = self._clock.now()
        shards = [self._ledger.due(shard, now, MAX_PER_SHARD) for shard in range(DUE_SHARDS)]
        waiting = sorted((work for shard in shards for work in shard), key=lambda work: work.since)
        oldest = self._report_oldest(waiting, now)
        wanted = list(_hints(waiting))
        left = self._leave_hints(wanted, deadline)
        _refuse_unknown(waiting)
        full = any(len(shard) == MAX_PER_SHARD for shard in shards)
        flooded = sum(len(hint.reservation_ids) for hint in wanted) < _reservations(waiting)
        return Sweep(left, oldest, is_complete=left == len(wanted) and not (full or flooded))

    def _report_oldest(self, waiting: Sequence[DueWork], now: datetime) -> dict[str, float]:
        """Per queue, how long its oldest work has been due; 0 where none is, so that an alarm can end."""
        oldest = dict.fromkeys(_QUEUE_OF.values(), 0.0)
        for work in reversed(waiting):
            if queue := _queue_of(work.key):
                oldest[queue] = (now - work.since).total_seconds()
        for queue, seconds in oldest.items():
            self._metrics.count("OldestPendingSeconds", seconds, queue=queue)
        return oldest

    def _leave_hints(self, hints: Sequence["_Hint"], deadline: Deadline) -> int:
        for left, hint in enumerate(hints):
            if deadline.seconds_left() < SWEEP_SECONDS_TO_SPARE:
                return left
            self._leave(hint)
        return len(hints)

    def _leave(self, hint: "_Hint") -> None:
        if hint.queue == CUSTOMER_UPSERT_RETRY:
            self._hints.customer_upsert(hint.tenant_id, *hint.reservation_ids)
        else:
            self._hints.order_sync(hint.tenant_id)


class _Hint(NamedTuple):
    """A tenant's runs need one hint together, so theirs names none."""

    queue: str
    tenant_id: str
    reservation_ids: tuple[str, ...] = ()


def _hints(waiting: Sequence[DueWork]) -> Iterator[_Hint]:
    """One hint for each tenant and queue, or for each hundred reservations; who waits longest comes first.

    A hint for each reservation would fill the queue anew every minute while a backlog is worked off.
    """
    due: dict[tuple[str, str], list[str]] = defaultdict(list)
    for work in waiting:
        if queue := _queue_of(work.key):
            due[queue, tenant_of(work.key.partition)].append(work.key.sort.partition("#")[2])
    for (queue, tenant_id), names in due.items():
        if queue == CUSTOMER_UPSERT_RETRY:
            some_at_once = islice(batched(names, MAX_PER_HINT, strict=False), MAX_HINTS)
            yield from (_Hint(queue, tenant_id, some) for some in some_at_once)
        else:
            yield _Hint(queue, tenant_id)


def _reservations(waiting: Sequence[DueWork]) -> int:
    return sum(_queue_of(work.key) == CUSTOMER_UPSERT_RETRY for work in waiting)


def _queue_of(key: Key) -> str | None:
    prefix, mark, _ = key.sort.partition("#")
    return _QUEUE_OF.get(prefix + mark)


def _refuse_unknown(waiting: Sequence[DueWork]) -> None:
    unknown = {work.key.sort.partition("#")[0] for work in waiting if _queue_of(work.key) is None}
    if unknown:
        raise UnknownWorkError(f"the due index holds what no queue takes: {', '.join(sorted(unknown))}")
