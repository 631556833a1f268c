"""A sync run: which reservations it is to turn into orders, how far it has come, and what became of each.

A run walks its selection page by page. The ids of a page are put into `waiting` before anything of it is
sent, and leave it only together with their result: a crash at any point loses no result, counts none twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from cellarhand.domain.booking.snapshot import EventId, ReservationId
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.backoff import next_batch_at, retry_delay
from cellarhand.domain.reservations.order_progress import OrderState

from .sent_span import SentEvidence, SentSpan

ALREADY_SYNCED = "already_synced"

MAX_WAITING = 500
"""The walk stands still while so many wait: a run must fit into one item. No guest is waited for then."""

MAX_BETWEEN_LOOKS = timedelta(minutes=5)
"""So long a run pauses at most where it only waits and nothing failed, however often it looked."""

MAX_STALLED = timedelta(days=2)
"""If nothing was brought for so long, a run ends: the rest is the next run's."""


class Selection(FrozenModel):
    """What a run is about: local dates of the visit (inclusive), events, ids; each narrows the others."""

    from_date: date | None = None
    to_date: date | None = None
    event_ids: tuple[EventId, ...] = ()
    reservation_ids: tuple[ReservationId, ...] = ()
    scheduled: bool = False

    @property
    def visits_until(self) -> date | None:
        """The last visit date that a scheduled run may sync; a manual one may sync ahead of the visit."""
        return self.to_date if self.scheduled else None

    def holds(self, visit_date: date, event_id: str) -> bool:
        """Whether a reservation of this date and event belongs to it (ids aside)."""
        return (
            (self.from_date is None or visit_date >= self.from_date)
            and (self.to_date is None or visit_date <= self.to_date)
            and (not self.event_ids or event_id in self.event_ids)
        )


class RunState(StrEnum):
    """How a run stands; the last four are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARTLY_DONE = "partly_done"
    FAILED = "failed"
    NOTHING_TO_DO = "nothing_to_do"


FINAL = frozenset({RunState.DONE, RunState.PARTLY_DONE, RunState.FAILED, RunState.NOTHING_TO_DO})


class OrderResult(FrozenModel):
    """What became of one reservation in one run. `total` (minor units) comes with `synced`."""

    reservation_id: str
    order_state: OrderState | None
    reason: str | None = None
    crm_order_id: str | None = None
    message: str | None = None
    total: int | None = None
    sent: SentEvidence | None = Field(None, exclude=True)

    @property
    def label(self) -> str:
        """What it counts as: `synced` means by this run."""
        if self.reason == ALREADY_SYNCED:
            return ALREADY_SYNCED
        return self.order_state.value if self.order_state else "not_found"


class SyncRun(Record):
    """The work of one run and its sums. `cursor` says where the walk goes on; `walked`: it is over."""

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
        """When a runner must look at it again."""
        return self.due

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end."""
        return self.state in FINAL

    @property
    def may_walk(self) -> bool:
        """Whether there is more to enrol, and room for it."""
        return not self.walked and len(self.waiting) < MAX_WAITING

    def has_waited_too_long(self, now: datetime) -> bool:
        """Whether it is time to tell how things stand, rather than to go on waiting."""
        return self.stalled_since is not None and now - self.stalled_since >= MAX_STALLED

    def with_page(self, ids: Iterable[str], cursor: str | None, now: datetime) -> "SyncRun":
        """With one more page of the walk to work on, and where the next one begins (None: at an end)."""
        waiting = {**self.waiting, **{each: now for each in ids if each not in self.waiting}}
        changes = {"waiting": waiting, "cursor": cursor, "walked": cursor is None}
        return self.model_copy(update={**changes, "state": RunState.RUNNING})

    def having(self, results: Iterable[OrderResult], waits: Mapping[str, datetime]) -> "SyncRun":
        """With these reservations finished, and those to be looked at again at their times."""
        told = [result for result in results if result.reservation_id in self.waiting]
        gone = {result.reservation_id for result in told}
        counts = Counter(self.counts) + Counter(result.label for result in told)
        reasons = Counter(self.reasons) + Counter(result.reason for result in told if result.reason)
        return self.model_copy(
            update={
                "waiting": {id_: waits.get(id_, at) for id_, at in self.waiting.items() if id_ not in gone},
                "counts": dict(counts),
                "reasons": dict(reasons),
                "money": self.money + sum(result.total or 0 for result in told),
                "chunks": self.chunks + (1 if told else 0),
            }
        )

    def rescheduled(
        self, now: datetime, *, made_progress: bool, paused: bool, jitter: float = 0
    ) -> "SyncRun":
        """After a round that could not end the run: due when its next reservation is, or after a pause.

        `paused`: the CRM gave no answer, so the round was broken off. The pause is a short one where all that
        wait (for guests, or to settle) have times of their own. `jitter` is from 0 up to 1.
        """
        first = min(self.waiting.values(), default=now)
        is_due = self.may_walk or first <= now
        fruitless = int(paused) if made_progress else self.fruitless + 1
        pause = retry_delay(fruitless, jitter) if fruitless else timedelta(0)
        if not (paused or is_due):
            pause = min(pause, MAX_BETWEEN_LOOKS)
        next_one = now if is_due else next_batch_at(self.waiting.values())
        changes = {
            "fruitless": fruitless,
            "stalled_since": None if made_progress else self.stalled_since or now,
            "due": max(next_one, now + pause),
        }
        return self.model_copy(update=changes)

    def ended(self, now: datetime, failure: tuple[str, str] | None = None) -> "SyncRun":
        """Over. With a failure (label, text) it is failed, however much of it went well."""
        reason, message = failure or (None, None)
        state = RunState.FAILED if failure else self._outcome()
        changes = {"state": state, "reason": reason, "message": message, "finished_at": now}
        return self.model_copy(update={**changes, "due": None, "walked": True})

    def _outcome(self) -> RunState:
        synced = self.counts.get(OrderState.SYNCED)
        missed = self.counts.keys() - _AS_IT_SHOULD
        if missed:
            return RunState.PARTLY_DONE if synced else RunState.FAILED
        return RunState.DONE if synced else RunState.NOTHING_TO_DO


_AS_IT_SHOULD = frozenset({OrderState.SYNCED.value, OrderState.NOT_ELIGIBLE.value, ALREADY_SYNCED})


class SyncRunResults(Record):
    """Some results of a run, in the order in which they came; saved with the run that counts them."""

    compressed: ClassVar[bool] = True

    tenant_id: str
    run_id: str
    number: int
    results: tuple[OrderResult, ...]

    @property
    def key(self) -> Key:
        """Numbered from 1 within their run."""
        return Key(tenant_partition(self.tenant_id), f"{results_prefix(self.run_id)}{self.number:06d}")


class ActiveRun(Record):
    """Stands as long as its run is not over, so that finding work never reads finished runs."""

    tenant_id: str
    run_id: str

    @property
    def key(self) -> Key:
        """One per active run."""
        return Key(tenant_partition(self.tenant_id), f"{ACTIVE_PREFIX}{self.run_id}")


RUN_PREFIX = "RUN#"
ACTIVE_PREFIX = "ACTIVE_RUN#"


def run_key(tenant_id: str, run_id: str) -> Key:
    """Where a run lives."""
    return Key(tenant_partition(tenant_id), f"{RUN_PREFIX}{run_id}")


def results_prefix(run_id: str) -> str:
    """How the sort keys of a run's results begin."""
    return f"RUN_RESULTS#{run_id}#"
