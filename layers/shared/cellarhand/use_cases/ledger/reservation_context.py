"""The context in which a reservation is assessed: its tenant, the settings, and its event."""

from datetime import datetime
from typing import NamedTuple

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.orders.order_diff import OrderContext
from cellarhand.domain.reservations.changes_after_sync import with_changes_since_sync
from cellarhand.domain.reservations.eligibility import EligibilityContext, with_eligibility
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventBody, EventRecord, event_key
from cellarhand.domain.tenants.settings import Settings
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import settings_of, tenant_record

from .save_reservation import save_adjusted


class ReservationContext(NamedTuple):
    """The context as read at the start of a use case. `event` is None if staff have not described it yet."""

    tenant: TenantRecord
    settings: Settings
    event: EventBody | None

    def reassess(self, record: ReservationRecord) -> ReservationRecord:
        """Assess its order again: a change of the snapshot or the guest may alter the result."""
        order = with_eligibility(record, EligibilityContext(self.event, self.settings))
        context = OrderContext(self.settings, self.tenant.timezone)
        return with_changes_since_sync(record.model_copy(update={"order": order}), context)


def reservation_context(settings: Records, tenant_id: str, event_id: str) -> ReservationContext:
    """Raises `NotFoundError` for an unknown tenant."""
    event = settings.get(EventRecord, event_key(tenant_id, event_id))
    return ReservationContext(
        tenant_record(settings, tenant_id), settings_of(settings, tenant_id), event.event if event else None
    )


def save_or_reload(ledger: Records, record: ReservationRecord, now: datetime) -> ReservationRecord:
    """Save it; if another process changed it first, return the stored one, which that process has indexed."""
    try:
        return save_adjusted(ledger, record, now)
    except StaleRecordError:
        return ledger.get(ReservationRecord, record.key) or record
