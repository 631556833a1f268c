"""What the orders of one winery are assessed by and built from, read once for each use of it."""

from datetime import date, datetime

from cellarhand.domain.local_time import local_date
from cellarhand.domain.orders.build_order import OrderParts, build_order
from cellarhand.domain.orders.order import Order, OrderNumber
from cellarhand.domain.reservations.eligibility import EligibilityContext, SkuKnowledge
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventBody, EventRecord, event_key
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import settings_of, tenant_record

from .reservation_context import ReservationContext


class WineryContext:
    """A tenant, its settings and its events, each event read when first needed. Safe to share by threads."""

    def __init__(self, settings: Records, tenant_id: str) -> None:
        self._records = settings
        self._events: dict[str, EventBody | None] = {}
        self.tenant = tenant_record(settings, tenant_id)
        self.settings = settings_of(settings, tenant_id)

    def of(
        self,
        event_id: str,
        skus: frozenset[str] | SkuKnowledge = SkuKnowledge.NOT_ASKED,
        visits_until: date | None = None,
    ) -> EligibilityContext:
        """The context in which a reservation of this event is assessed."""
        return EligibilityContext(self._event(event_id), self.settings, skus, visits_until)

    def reassess(self, record: ReservationRecord) -> ReservationRecord:
        """Assess a reservation whose order could not be assessed while it was being sent."""
        event = self._event(record.snapshot.event_id)
        return ReservationContext(self.tenant, self.settings, event).reassess(record)

    def order(self, record: ReservationRecord, number: int, now: datetime) -> Order:
        """Build the order of an eligible reservation with a number; the first send fixes its prefix."""
        prefix = self.settings.order_prefix if record.order.prefix is None else record.order.prefix
        event = self._event(record.snapshot.event_id)
        if event is None or record.customer.customer_id is None:
            raise ValueError("only an eligible reservation becomes an order")
        parts = OrderParts(
            order_number=OrderNumber(prefix=prefix, number=number),
            customer_id=record.customer.customer_id,
            event=event,
            settings=self.settings,
            timezone=self.tenant.timezone,
            synced_on=local_date(now, self.tenant.timezone),
        )
        return build_order(record.snapshot, parts)

    def _event(self, event_id: str) -> EventBody | None:
        if event_id not in self._events:
            key = event_key(self.tenant.tenant_id, event_id)
            found = self._records.get(EventRecord, key)
            self._events[event_id] = found.event if found else None
        return self._events[event_id]
