"""Scheduled checks: a duplicate check a day after the orders of a run were sent, and a nightly check.

Sort keys begin with the due time, so that reading one item shows whether any check is due.

Why: docs/decisions.md#nightly-checks-follow-runs-and-visits, #one-duplicate-check-for-each-hour-of-a-run,
#an-unanswered-order-is-a-difference
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from cellarhand.domain.order_sync.sent_span import SentSpan
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.backoff import retry_delay

DUPLICATE_CHECK_DELAY = timedelta(hours=24)
"""How long after the send the duplicate check runs. It guards the assumed bound of late execution."""
NIGHT = time(4)
"""Local time of the winery: changes to and from summer time happen earlier in the night."""
NIGHT_SPREAD_SECONDS = 1800
"""Spreads the wineries of one time zone, so that their checks don't all start at once."""
MAX_TRIES = {"duplicate_check": 52, "nightly_check": 20}
"""By the retry delay: two days; for the nightly check less than a day, because the next night has its own."""
MAX_REPEATS = 14
"""Daily repeats of a duplicate check, until a duplicate is voided and an unanswered order is settled."""

ENDED_KEPT = timedelta(days=92)

PREFIX = "CHECK#"
CheckKind = Literal["duplicate_check", "nightly_check"]


class DueCheck(Record):
    """A check that is due at `due`. `name` keeps keys of the same due time apart.

    `tries`: failed attempts. `looks`: how many daily repeats there were before. `unanswered`: ids of
    reservations whose send had no known result when the check was planned. `late_left_out`: a nightly check
    of the last days' visits only, because with the late ones it took too long.
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
        """Sorted by due time."""
        instant = self.due.astimezone(UTC).isoformat(timespec="seconds")
        return Key(tenant_partition(self.tenant_id), f"{PREFIX}{instant}#{self.work}#{self.name}")

    @property
    def due_at(self) -> datetime | None:
        """When the runner must run it."""
        return self.due

    @property
    def is_given_up(self) -> bool:
        """Whether it has failed so often that it is not tried again."""
        return self.tries >= MAX_TRIES[self.work]

    def ended(self, now: datetime, outcome: str) -> "EndedCheck":
        """The record that replaces it once it has run."""
        return EndedCheck(**self.model_dump(exclude={"version"}), ended_at=now, outcome=outcome)

    def repeat(self, now: datetime, unanswered: tuple[str, ...] = ()) -> "DueCheck | None":
        """The same check a day later; None once it has been repeated often enough."""
        if self.looks >= MAX_REPEATS:
            return None
        changes = {"due": now + DUPLICATE_CHECK_DELAY, "looks": self.looks + 1, "tries": 0, "version": 0}
        return self.model_copy(update={**changes, "unanswered": unanswered})

    def without_late_visits(self, now: datetime, jitter: float) -> "DueCheck":
        """The same nightly check, postponed and limited to visits of the last days."""
        return self.postponed(now, jitter).model_copy(update={"late_left_out": True})

    def postponed(self, now: datetime, jitter: float) -> "DueCheck":
        """The same check later, after a failed attempt; a new record, since its key contains the due time."""
        due = now + retry_delay(self.tries + 1, jitter)
        return self.model_copy(update={"due": due, "tries": self.tries + 1, "version": 0})


class EndedCheck(DueCheck):
    """A check that has run, kept for support; it replaces the `DueCheck` in one transaction."""

    ended_at: datetime
    outcome: str

    @property
    def key(self) -> Key:
        """Under a prefix of its own, apart from checks that are still due."""
        return super().key._replace(sort=f"ENDED_{super().key.sort}")

    @property
    def due_at(self) -> None:
        """None: it has run."""

    @property
    def expires_at(self) -> datetime:
        """Support needs it for a season at most."""
        return self.ended_at + ENDED_KEPT


def duplicate_check(tenant_id: str, run_id: str, span: SentSpan) -> DueCheck:
    """The check for duplicates of the orders that a run has sent, a day after the first of them."""
    return DueCheck(
        tenant_id=tenant_id,
        work="duplicate_check",
        due=span.since + DUPLICATE_CHECK_DELAY,
        name=run_id,
        sent_from=span.sent_from,
        unanswered=span.unanswered,
    )


def nightly_check(tenant_id: str, timezone: str, after: datetime) -> DueCheck:
    """The first nightly check after an instant: at most one record for each tenant and night."""
    today = after.astimezone(ZoneInfo(timezone)).date()
    nights = (night_of(tenant_id, timezone, today + timedelta(days=n)) for n in (0, 1))
    due = next(night for night in nights if night > after)
    return DueCheck(tenant_id=tenant_id, work="nightly_check", due=due, name="all")


def night_of(tenant_id: str, timezone: str, day: date) -> datetime:
    """When the nightly check of that day is due."""
    spread = timedelta(seconds=crc32(tenant_id.encode()) % NIGHT_SPREAD_SECONDS)
    return (datetime.combine(day, NIGHT, ZoneInfo(timezone)) + spread).astimezone(UTC)
