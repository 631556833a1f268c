"""Saving a reservation together with the adjustment that its change opens, updates or closes.

Most changes concern no order that was sent: they cost no read and no write more than the reservation's own.
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
    ledger: Records, record: ReservationRecord, now: datetime, *beside: Record
) -> ReservationRecord:
    """Save it, and whatever must be saved `beside` it, in one write. Raises `StaleRecordError`."""
    record, adjustments = _adjusted(ledger, record, now)
    if not (adjustments or beside):
        return ledger.save(record)
    ledger.save_all([*beside, record, *adjustments])
    return record.model_copy(update={"version": record.version + 1})


def _adjusted(
    ledger: Records, record: ReservationRecord, now: datetime
) -> tuple[ReservationRecord, list[Adjustment]]:
    if record.adjustment_id is None:
        if not record.changes_after_sync:
            return record, []
        new = open_adjustment(record, now)
        noted = record.with_history(now, f"adjustment {new.adjustment_id}", adjustment_id=new.adjustment_id)
        return noted, [new]
    stored = ledger.get(Adjustment, adjustment_key(record.tenant_id, record.adjustment_id))
    if stored is None:
        raise ValueError("a reservation names an adjustment that is not there")
    after = update_adjustment(stored, record, now)
    still_open = after.state is AdjustmentState.OPEN
    linked = record if still_open else record.with_history(now, "adjustment withdrawn", adjustment_id=None)
    return linked, [] if after is stored else [after]
