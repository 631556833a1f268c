"""Orders without an answer that no run waits for any more: a run of their own settles them."""

from collections.abc import Iterable
from hashlib import sha256

from cellarhand.domain.order_sync.sync_run import Selection, SyncRun
from cellarhand.domain.reconciliation.checks import DueCheck
from cellarhand.domain.reconciliation.ledger_side import ledger_entry
from cellarhand.domain.reservations.reservation import reservation_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.ledger.visit_walk import readable
from cellarhand.use_cases.order_sync.start_run import StartRun, run_time

LATE_AUDIT = "late_audit"
"""What `started_by` says of a run that a late look began."""


class SettleUnanswered:
    """The ordinary machine does it: read back, then synced, sent again or told to staff."""

    def __init__(self, ledger: Records, start: StartRun, clock: Clock) -> None:
        self._ledger = ledger
        self._start = start
        self._clock = clock

    def __call__(self, work: DueCheck, seen: Iterable[str] = ()) -> tuple[str, ...]:
        """Answers which are still unanswered: those the look was planned with, and those it has `seen`.

        The same look begins the same run, however often it is taken.
        """
        left = self._unanswered(work.tenant_id, {*work.unanswered, *seen})
        if left:
            now = self._clock.now()
            run = SyncRun(
                tenant_id=work.tenant_id,
                run_id=_run_id(work),
                started_by=LATE_AUDIT,
                started_at=now,
                selection=Selection(reservation_ids=left),
                due=now,
            )
            self._start.begin(run)
        return left

    def _unanswered(self, tenant_id: str, ids: Iterable[str]) -> tuple[str, ...]:
        now = self._clock.now()
        records = readable(self._ledger, [reservation_key(tenant_id, id_) for id_ in sorted(ids)])
        return tuple(record.reservation_id for record in records if ledger_entry(record).is_unanswered(now))


def _run_id(work: DueCheck) -> str:
    name = sha256(work.key.sort.encode()).hexdigest()[:12]
    return f"{run_time(work.due)}-{LATE_AUDIT}-{name}"
