"""A change after sync: the snapshot is stored, the order in the CRM stays as it is.

The engine's snapshot is the truth; the order is *locked*, and staff apply the change in the CRM by hand. To
find what has changed, the source of the order is kept as soon as a newer snapshot replaces it. Most
reservations never change after sync, and store nothing for it.
"""

from datetime import datetime

from cellarhand.domain.orders.order_diff import OrderContext, OrderSource, changes_between, is_correctable
from cellarhand.domain.orders.remedy import Remedy

from .order_progress import OrderProgress, OrderState, last_sent
from .reservation import ReservationRecord


def remembering(record: ReservationRecord) -> OrderProgress:
    """The order's progress when another snapshot or guest is about to take the place of this one's."""
    order, sent = record.order, last_sent(record.order)
    if order.stands_for or (sent is None and order.state is not OrderState.SYNCED):
        return order
    customer_id = record.customer.customer_id or (sent.buyer.customer_id if sent else "")
    basis = OrderSource(snapshot=record.snapshot, customer_id=customer_id)
    return order.model_copy(update={"stands_for": basis})


def applied_in_crm(
    record: ReservationRecord, remedy: Remedy, terms: OrderContext, now: datetime
) -> ReservationRecord:
    """Staff have made the order in the CRM say what the reservation says: its adjustment is resolved."""
    basis, customer_id = record.order.stands_for, record.customer.customer_id
    if basis is None:
        return record
    stands_for = OrderSource(snapshot=record.snapshot, customer_id=customer_id or basis.customer_id)
    replaced_at = record.order.replaced_at if is_correctable(record.changes_after_sync) else now
    remedies = tuple(dict.fromkeys([*record.order.remedies, remedy]))
    done = {"stands_for": stands_for, "carried_over_at": now, "replaced_at": replaced_at}
    order = record.order.model_copy(update={**done, "remedies": remedies})
    return with_changes_since_sync(
        record.with_history(now, "adjustment resolved", order=order, adjustment_id=None), terms
    )


def with_changes_since_sync(record: ReservationRecord, terms: OrderContext) -> ReservationRecord:
    """With what has changed since its order was sent; forgets a basis that is again what it was."""
    basis, customer_id = record.order.stands_for, record.customer.customer_id
    if record.order.state is not OrderState.SYNCED or basis is None:
        return record
    now = OrderSource(snapshot=record.snapshot, customer_id=customer_id or basis.customer_id)
    changes = changes_between(basis, now, terms)
    # Whoever the guest will be linked to may be another customer.
    keeps = changes or customer_id is None
    order = record.order if keeps else record.order.model_copy(update={"stands_for": None})
    return record.model_copy(update={"order": order, "changes_after_sync": changes})
