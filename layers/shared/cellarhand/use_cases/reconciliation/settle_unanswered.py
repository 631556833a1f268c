"""Start a sync run for orders without an answer that no active run waits for.

Why: docs/decisions.md#an-unanswered-order-is-a-difference
"""

from collections.abc import Iterable
from hashlib import sha256

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.reconciliation.checks import DueCheck
from cellarhand.domain.reconciliation.ledger_side import ledger_entry
from cellarhand.domain.reservations.reservation import reservation_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.ledger.visit_walk import readable
from cellarhand.use_cases.order_sync.start_run import StartRun, run_time

STARTED_BY_DUPLICATE_CHECK = "late_audit"
"""`started_by` of a run that a duplicate check started."""


class SettleUnanswered:
    """An ordinary sync run settles them: read back, then synced, sent again or left to staff's review."""

    def __init__(self, ledger: Records, start: StartRun, clock: Clock) -> None:
        self._ledger = ledger
        self._start = start
        self._clock = clock

    def __call__(self, check: DueCheck, seen: Iterable[str] = ()) -> tuple[str, ...]:
        """Returns the ids still unanswered, of those the check was planned with and those that it has `seen`.

        The run's id comes from the check, so that repeating a check starts no second run.
        """
        left = self._unanswered(check.tenant_id, {*check.unanswered, *seen})
        if left:
            now = self._clock.now()
            run = SyncRun(
                tenant_id=check.tenant_id,
                run_id=_run_id(check),
                started_by=STARTED_BY_DUPLICATE_CHECK,
                started_at=now,
                selection=Selection(reservation_ids=left),
                due=now,
            )
            self._start.begin(run)
        return left

    def _unanswered(self, tenant_id: str, ids: Iterable[str]) -> tuple[str, ...]:
        now = self._clock.now()
        keys = [reservation_key(tenant_id, reservation_id) for reservation_id in sorted(ids)]
        records = readable(self._ledger, keys)
        return tuple(record.reservation_id for record in records if ledger_entry(record).is_unanswered(now))


def _run_id(check: DueCheck) -> str:
    name = sha256(check.key.sort.encode()).hexdigest()[:12]
    return f"{run_time(check.due)}-{STARTED_BY_DUPLICATE_CHECK}-{name}"
