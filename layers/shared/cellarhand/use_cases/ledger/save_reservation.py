"""Save a reservation together with the adjustment that its change opens, updates or closes.

Most changes affect no sent order; these cost no further read or write.

Why: docs/decisions.md#at-most-one-open-adjustment
"""

from datetime import datetime

from cellarhand.domain.adjustments.adjustment import (
    Adjustment,
    AdjustmentState,
    adjustment_key,
    open_adjustment,
    update_adjustment,
)
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.records import Records


def save_adjusted(
    ledger: Records, record: ReservationRecord, now: datetime, *extra: Record
) -> ReservationRecord:
    """Save it, its adjustment and `extra` records in one transaction. Raises `StaleRecordError`."""
    record, adjustments = _with_adjustment(ledger, record, now)
    if not (adjustments or extra):
        return ledger.save(record)
    ledger.save_all([*extra, record, *adjustments])
    return record.model_copy(update={"version": record.version + 1})


def _with_adjustment(
    ledger: Records, record: ReservationRecord, now: datetime
) -> tuple[ReservationRecord, list[Adjustment]]:
    if record.adjustment_id is None:
        if not record.changes_after_sync:
            return record, []
        new = open_adjustment(record, now)
        linked = record.with_history(now, f"adjustment {new.adjustment_id}", adjustment_id=new.adjustment_id)
        return linked, [new]
    stored = ledger.get(Adjustment, adjustment_key(record.tenant_id, record.adjustment_id))
    if stored is None:
        raise ValueError("a reservation names an adjustment that doesn't exist")
    after = update_adjustment(stored, record, now)
    still_open = after.state is AdjustmentState.OPEN
    linked = record if still_open else record.with_history(now, "adjustment withdrawn", adjustment_id=None)
    return linked, [] if after is stored else [after]
