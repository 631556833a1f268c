"""A sync run: the reservations that it syncs, its progress, and the result of each.

A run walks its selection page by page. The ids of a page are put into `waiting` before any of its orders is
sent, and leave it only together with their results: a crash loses no result and counts none twice.

Why: docs/decisions.md#orders-wait-in-their-sync-run, #a-run-backs-off-only-for-failures,
#look-up-settled-orders-together, #a-crowded-run-doesnt-wait-for-guests,
#a-run-without-progress-ends-after-two-days
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.backoff import next_batch_at, retry_delay
from cellarhand.domain.reservations.order_progress import OrderState

from .run_results import ALREADY_SYNCED, OrderResult
from .selection import Selection
from .sent_span import SentSpan

MAX_WAITING = 500
"""The walk stops while so many wait: a run must fit into one item. Then no order waits for its guest."""

MAX_POLL_INTERVAL = timedelta(minutes=5)
"""The longest pause of a run that only waits and had no failure, however often it has polled."""

MAX_STALLED = timedelta(days=2)
"""A run without progress for this long ends; the next run takes what is left."""


class RunState(StrEnum):
    """The state of a run; the last four are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARTLY_DONE = "partly_done"
    FAILED = "failed"
    NOTHING_TO_DO = "nothing_to_do"


FINAL = frozenset({RunState.DONE, RunState.PARTLY_DONE, RunState.FAILED, RunState.NOTHING_TO_DO})


class SyncRun(Record):
    """One run and its sums. `cursor`: where the walk resumes; `walked`: it is over; `waiting`: next tries."""

    compressed: ClassVar[bool] = True

    tenant_id: str
    run_id: str
    state: RunState = RunState.QUEUED
    started_by: str
    started_at: datetime
    finished_at: datetime | None = None
    selection: Selection
    reason: str | None = None
    message: str | None = None
    counts: Mapping[str, int] = {}
    reasons: Mapping[str, int] = {}
    money: int = 0
    cursor: str | None = None
    walked: bool = False
    waiting: Mapping[str, datetime] = {}
    chunks: int = 0
    fruitless: int = 0
    stalled_since: datetime | None = None
    due: datetime | None = None
    sent: SentSpan | None = None

    @property
    def key(self) -> Key:
        """One per run of a tenant; ids sort by the time of the start."""
        return run_key(self.tenant_id, self.run_id)

    @property
    def due_at(self) -> datetime | None:
        """When a runner must continue it."""
        return self.due

    @property
    def is_over(self) -> bool:
        """Whether its state is final."""
        return self.state in FINAL

    @property
    def may_walk(self) -> bool:
        """Whether the walk has more reservations and `waiting` has room for a page."""
        return not self.walked and len(self.waiting) < MAX_WAITING

    def has_waited_too_long(self, now: datetime) -> bool:
        """Whether it has made no progress for so long that it must end."""
        return self.stalled_since is not None and now - self.stalled_since >= MAX_STALLED

    def with_page(self, ids: Iterable[str], cursor: str | None, now: datetime) -> "SyncRun":
        """Put a page of the walk into `waiting`; `cursor` is where the next page begins (None: no more)."""
        new = {reservation_id: now for reservation_id in ids if reservation_id not in self.waiting}
        waiting = {**self.waiting, **new}
        changes = {"waiting": waiting, "cursor": cursor, "walked": cursor is None}
        return self.model_copy(update={**changes, "state": RunState.RUNNING})

    def with_results(self, results: Iterable[OrderResult], waits: Mapping[str, datetime]) -> "SyncRun":
        """Count the results of waiting reservations once, and set the next attempt of others (`waits`)."""
        new = [result for result in results if result.reservation_id in self.waiting]
        finished = {result.reservation_id for result in new}
        left = {key: waits.get(key, at) for key, at in self.waiting.items() if key not in finished}
        counts = Counter(self.counts) + Counter(result.label for result in new)
        reasons = Counter(self.reasons) + Counter(result.reason for result in new if result.reason)
        return self.model_copy(
            update={
                "waiting": left,
                "counts": dict(counts),
                "reasons": dict(reasons),
                "money": self.money + sum(result.total or 0 for result in new),
                "chunks": self.chunks + (1 if new else 0),
            }
        )

    def rescheduled(
        self, now: datetime, *, made_progress: bool, paused: bool, jitter: float = 0
    ) -> "SyncRun":
        """After a batch that did not end the run: due when its next reservation is, or after a pause.

        `paused`: the batch stopped early because the CRM gave no answer. Otherwise the pause is short if all
        reservations wait (for a guest, or to settle) for a later time. `jitter`: from 0 up to 1.
        """
        first = min(self.waiting.values(), default=now)
        is_due = self.may_walk or first <= now
        fruitless = int(paused) if made_progress else self.fruitless + 1
        pause = retry_delay(fruitless, jitter) if fruitless else timedelta(0)
        if not (paused or is_due):
            pause = min(pause, MAX_POLL_INTERVAL)
        next_one = now if is_due else next_batch_at(self.waiting.values())
        changes = {
            "fruitless": fruitless,
            "stalled_since": None if made_progress else self.stalled_since or now,
            "due": max(next_one, now + pause),
        }
        return self.model_copy(update=changes)

    def ended(self, now: datetime, failure: tuple[str, str] | None = None) -> "SyncRun":
        """In its final state. With a failure (code, text) it is `failed`, whatever it has synced."""
        reason, message = failure or (None, None)
        state = RunState.FAILED if failure else self._outcome()
        changes = {"state": state, "reason": reason, "message": message, "finished_at": now}
        return self.model_copy(update={**changes, "due": None, "walked": True})

    def _outcome(self) -> RunState:
        synced = self.counts.get(OrderState.SYNCED)
        missed = self.counts.keys() - _EXPECTED_LABELS
        if missed:
            return RunState.PARTLY_DONE if synced else RunState.FAILED
        return RunState.DONE if synced else RunState.NOTHING_TO_DO


_EXPECTED_LABELS = frozenset({OrderState.SYNCED.value, OrderState.NOT_ELIGIBLE.value, ALREADY_SYNCED})


class ActiveRun(Record):
    """Exists until its run is over, so that finding active runs never reads finished ones."""

    tenant_id: str
    run_id: str

    @property
    def key(self) -> Key:
        """One per active run."""
        return active_run_key(self.tenant_id, self.run_id)


RUN_PREFIX = "RUN#"
ACTIVE_PREFIX = "ACTIVE_RUN#"


def run_key(tenant_id: str, run_id: str) -> Key:
    """The key of a run."""
    return Key(tenant_partition(tenant_id), f"{RUN_PREFIX}{run_id}")


def active_run_key(tenant_id: str, run_id: str) -> Key:
    """Where the marker of an active run lives."""
    return Key(tenant_partition(tenant_id), f"{ACTIVE_PREFIX}{run_id}")
