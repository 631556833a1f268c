"""Looks into the books that fall due later: a second look at what a run sent, and each night's figures.

Sort keys begin with the due time, so that one read of one item tells whether anything is due.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from cellarhand.domain.order_sync.sent_span import SentSpan
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.backoff import retry_delay

LATE_AFTER = timedelta(hours=24)
"""When what was sent is looked at once more: it guards the assumed bound of late execution."""
NIGHT = time(4)
"""By the winery's clock: clocks change earlier in the night."""
NIGHT_SPREAD_SECONDS = 1800
"""Wineries of one zone do not all begin at once."""
MAX_TRIES = {"duplicate_check": 52, "nightly_check": 20}
"""By retry delay, two days; and less than a day, for the next night has its own."""
MAX_LOOKS = 14
"""A day apart: at an order too many until it is voided, at one without an answer until it is settled."""

ENDED_KEPT = timedelta(days=92)

PREFIX = "BOOKS#"
CheckKind = Literal["duplicate_check", "nightly_check"]


class DueCheck(Record):
    """One look that is due at `due`. `name` tells those of the same time apart.

    `unanswered`: reservations whose order nobody knew to be in the CRM, when this look was planned.
    `late_left_out`: a night that compares visits of the last days alone, because more took too long.
    """

    tenant_id: str
    work: CheckKind
    due: datetime
    name: str
    sent_from: datetime | None = None
    tries: int = 0
    looks: int = 0
    unanswered: tuple[str, ...] = ()
    late_left_out: bool = False

    @property
    def key(self) -> Key:
        """By due time."""
        instant = self.due.astimezone(UTC).isoformat(timespec="seconds")
        return Key(tenant_partition(self.tenant_id), f"{PREFIX}{instant}#{self.work}#{self.name}")

    @property
    def due_at(self) -> datetime | None:
        """When the runner must look."""
        return self.due

    @property
    def is_given_up(self) -> bool:
        """Whether it has been tried often enough."""
        return self.tries >= MAX_TRIES[self.work]

    def ended(self, now: datetime, outcome: str) -> "EndedCheck":
        """What takes its place."""
        return EndedCheck(**self.model_dump(exclude={"version"}), ended_at=now, outcome=outcome)

    def again(self, now: datetime, unanswered: tuple[str, ...] = ()) -> "DueCheck | None":
        """The same look a day later; None once it has been taken often enough."""
        if self.looks >= MAX_LOOKS:
            return None
        changes = {"due": now + LATE_AFTER, "looks": self.looks + 1, "tries": 0, "version": 0}
        return self.model_copy(update={**changes, "unanswered": unanswered})

    def leaving_late_out(self, now: datetime, jitter: float) -> "DueCheck":
        """The same night, postponed, with less to compare."""
        return self.postponed(now, jitter).model_copy(update={"late_left_out": True})

    def postponed(self, now: datetime, jitter: float) -> "DueCheck":
        """The same look later, after it could not be taken now; another record, since its key differs."""
        due = now + retry_delay(self.tries + 1, jitter)
        return self.model_copy(update={"due": due, "tries": self.tries + 1, "version": 0})


class EndedCheck(DueCheck):
    """A look that was taken, for support to read: it takes the place of the work in one transaction."""

    ended_at: datetime
    outcome: str

    @property
    def key(self) -> Key:
        """Apart from what is still to be done."""
        return super().key._replace(sort=f"ENDED_{super().key.sort}")

    @property
    def due_at(self) -> None:
        """Nothing is left to do."""

    @property
    def expires_at(self) -> datetime:
        """After a season nobody asks any more."""
        return self.ended_at + ENDED_KEPT


def duplicate_check(tenant_id: str, run_id: str, span: SentSpan) -> DueCheck:
    """The second look at what a run sent."""
    return DueCheck(
        tenant_id=tenant_id,
        work="duplicate_check",
        due=span.since + LATE_AFTER,
        name=run_id,
        sent_from=span.sent_from,
        unanswered=span.unanswered,
    )


def nightly_check(tenant_id: str, timezone: str, after: datetime) -> DueCheck:
    """The next night's figures: at most one record for a tenant and a night."""
    today = after.astimezone(ZoneInfo(timezone)).date()
    nights = (night_of(tenant_id, timezone, today + timedelta(days=n)) for n in (0, 1))
    due = next(night for night in nights if night > after)
    return DueCheck(tenant_id=tenant_id, work="nightly_check", due=due, name="all")


def night_of(tenant_id: str, timezone: str, day: date) -> datetime:
    """When that day's figures are due."""
    spread = timedelta(seconds=crc32(tenant_id.encode()) % NIGHT_SPREAD_SECONDS)
    return (datetime.combine(day, NIGHT, ZoneInfo(timezone)) + spread).astimezone(UTC)
