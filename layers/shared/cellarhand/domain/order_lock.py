"""What a change means for an order that the CRM has already: it is kept, and never sent.

The engine's side is the truth, so the snapshot is stored; the order is *locked*, and staff carry the change
over by hand. Check-in and internal notes change no order, so they lock nothing.
"""

from .order import Order
from .order_building import OrderParts, build_order, differs_from_sent
from .reservation import OrderState, ReservationRecord
from .tenant import EventBody, Settings


def is_locked(record: ReservationRecord, event: EventBody | None, settings: Settings, timezone: str) -> bool:
    """Whether the reservation no longer is what its synced order says: so also if the event is unknown."""
    sent = record.order.sent
    if record.order.state is not OrderState.SYNCED or sent is None:
        return False
    if record.snapshot.state == "cancelled" or event is None:
        return True
    parts = OrderParts(
        order_number=sent.order_number,
        customer_id=_customer_id(record, sent),
        event=event,
        settings=settings,
        timezone=timezone,
        synced_on=sent.order_date,
    )
    return differs_from_sent(sent, build_order(record.snapshot, parts), settings)


def _customer_id(record: ReservationRecord, sent: Order) -> str:
    """Who the buyer is now; while that is open, who it was."""
    return record.customer.customer_id or sent.buyer.customer_id
