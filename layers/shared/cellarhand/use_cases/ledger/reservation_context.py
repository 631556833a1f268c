"""What a reservation is judged by, beside itself: its tenant, the settings, and its event."""

from datetime import datetime
from typing import NamedTuple

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.orders.order_diff import OrderContext
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.reservations.changes_after_sync import with_changes_since_sync
from cellarhand.domain.reservations.eligibility import EligibilityContext, with_eligibility
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import settings_of, tenant_record

from .save_reservation import save_adjusted


class ReservationContext(NamedTuple):
    """As read at the beginning of one use case. No event: staff have not described it yet."""

    tenant: TenantRecord
    settings: Settings
    event: EventBody | None

    def judged(self, record: ReservationRecord) -> ReservationRecord:
        """With its order assessed anew, which every change of snapshot or guest may alter."""
        order = with_eligibility(record, EligibilityContext(self.event, self.settings))
        terms = OrderContext(self.settings, self.tenant.timezone)
        return with_changes_since_sync(record.model_copy(update={"order": order}), terms)


def reservation_context(settings: Records, tenant_id: str, event_id: str) -> ReservationContext:
    """Raises `NotFoundError` for an unknown tenant."""
    event = settings.get(EventRecord, Key(tenant_partition(tenant_id), f"EVENT#{event_id}"))
    return ReservationContext(
        tenant_record(settings, tenant_id), settings_of(settings, tenant_id), event.event if event else None
    )


def kept_or_overtaken(ledger: Records, record: ReservationRecord, now: datetime) -> ReservationRecord:
    """Save; if somebody changed the reservation first, theirs: whoever did has left it findable."""
    try:
        return save_adjusted(ledger, record, now)
    except StaleRecordError:
        return ledger.get(ReservationRecord, record.key) or record
