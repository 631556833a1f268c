"""Find due work whose message was lost, and send a new one.

Why: docs/decisions.md#a-sweep-reads-more-than-it-sends-hints-for,
#one-hint-names-up-to-a-hundred-reservations, #oldest-pending-work-is-measured-as-overdue-time
"""

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
"""Far more than one winery's backlog puts into a shard, so that it can't hide newer work of others."""
MAX_PER_HINT = 100
"""Reservations in one hint: about as many as a tenant's worker processes until the next sweep."""
MAX_HINTS = 10
"""Hints for one tenant and queue in one sweep: more than its CRM can take in a minute."""
SWEEP_SECONDS_TO_SPARE = 5.0
"""Reserved at the end of an invocation for the last hint and the metrics."""

_QUEUE_OF = {"RES#": CUSTOMER_UPSERT_RETRY, "RUN#": ORDER_SYNC, "CHECK#": ORDER_SYNC}


class UnknownWorkError(LookupError):
    """The due index contains a kind of record that no queue processes: a bug of ours."""


class Sweep(NamedTuple):
    """The result of a sweep. `is_complete`: it sent hints for all due work."""

    hints: int
    oldest_seconds: dict[str, float]
    is_complete: bool


class SweepDueWork:
    """Limited per shard and in time: the next sweep starts with the rest, which has waited longest.

    An extra hint does no harm, so no record is kept of the hints that were sent.
    """

    def __init__(self, ledger: Records, hints: Hints, metrics: Metrics, clock: Clock) -> None:
        self._ledger = ledger
        self._hints = hints
        self._metrics = metrics
        self._clock = clock

    def __call__(self, deadline: Deadline) -> Sweep:
        """Send hints for all due work. Raises `StorageUnavailableError`; the next sweep is a minute later.

        Raises `UnknownWorkError` after it has sent the hints that it could.
        """
        now = self._clock.now()
        shards = [self._ledger.due(shard, now, MAX_PER_SHARD) for shard in range(DUE_SHARDS)]
        waiting = sorted((work for shard in shards for work in shard), key=lambda work: work.since)
        oldest = self._report_oldest(waiting, now)
        wanted = list(_hints(waiting))
        sent = self._send_hints(wanted, deadline)
        _raise_for_unknown(waiting)
        full = any(len(shard) == MAX_PER_SHARD for shard in shards)
        cut_off = sum(len(hint.reservation_ids) for hint in wanted) < _reservations(waiting)
        return Sweep(sent, oldest, is_complete=sent == len(wanted) and not (full or cut_off))

    def _report_oldest(self, waiting: Sequence[DueWork], now: datetime) -> dict[str, float]:
        """How long the oldest work of each queue has been due; 0 if none is, so that an alarm can end."""
        oldest = dict.fromkeys(_QUEUE_OF.values(), 0.0)
        for work in reversed(waiting):
            if queue := _queue_of(work.key):
                oldest[queue] = (now - work.since).total_seconds()
        for queue, seconds in oldest.items():
            self._metrics.count("OldestPendingSeconds", seconds, queue=queue)
        return oldest

    def _send_hints(self, hints: Sequence["_Hint"], deadline: Deadline) -> int:
        for sent, hint in enumerate(hints):
            if deadline.seconds_left() < SWEEP_SECONDS_TO_SPARE:
                return sent
            self._send(hint)
        return len(hints)

    def _send(self, hint: "_Hint") -> None:
        if hint.queue == CUSTOMER_UPSERT_RETRY:
            self._hints.customer_upsert(hint.tenant_id, *hint.reservation_ids)
        else:
            self._hints.order_sync(hint.tenant_id)


class _Hint(NamedTuple):
    """One hint covers all runs and checks of a tenant, so a hint of `order-sync` names no reservations."""

    queue: str
    tenant_id: str
    reservation_ids: tuple[str, ...] = ()


def _hints(waiting: Sequence[DueWork]) -> Iterator[_Hint]:
    """One hint for each tenant and queue, or for each hundred reservations; the longest waiting come first.

    A hint for each reservation would fill the queue again every minute while a backlog is processed.
    """
    due: dict[tuple[str, str], list[str]] = defaultdict(list)
    for work in waiting:
        if queue := _queue_of(work.key):
            due[queue, tenant_of(work.key.partition)].append(work.key.sort.partition("#")[2])
    for (queue, tenant_id), names in due.items():
        if queue == CUSTOMER_UPSERT_RETRY:
            batches = islice(batched(names, MAX_PER_HINT, strict=False), MAX_HINTS)
            yield from (_Hint(queue, tenant_id, batch) for batch in batches)
        else:
            yield _Hint(queue, tenant_id)


def _reservations(waiting: Sequence[DueWork]) -> int:
    return sum(_queue_of(work.key) == CUSTOMER_UPSERT_RETRY for work in waiting)


def _queue_of(key: Key) -> str | None:
    prefix, mark, _ = key.sort.partition("#")
    return _QUEUE_OF.get(prefix + mark)


def _raise_for_unknown(waiting: Sequence[DueWork]) -> None:
    unknown = {work.key.sort.partition("#")[0] for work in waiting if _queue_of(work.key) is None}
    if unknown:
        raise UnknownWorkError(
            f"the due index contains records that no queue processes: {', '.join(sorted(unknown))}"
        )
