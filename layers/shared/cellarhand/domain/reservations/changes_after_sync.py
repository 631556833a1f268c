"""Changes of a reservation whose order is in the CRM already: they are stored and never sent.

The booking engine is the source of truth, so the snapshot is stored; the order is *locked*, and staff apply
the change in the CRM by hand. To show what has changed, the source of the order is stored when a new snapshot
or guest replaces it. Most reservations never change after they were sent and store none.

Why: docs/decisions.md#compare-with-the-source-of-the-order
"""

from datetime import datetime

from cellarhand.domain.orders.order_diff import OrderContext, OrderSource, changes_between, is_correctable
from cellarhand.domain.orders.remedy import Remedy

from .order_progress import OrderProgress, OrderState, last_sent
from .reservation import ReservationRecord


def keep_order_source(record: ReservationRecord) -> OrderProgress:
    """Store what the order was made from, before another snapshot or guest replaces it."""
    order, sent = record.order, last_sent(record.order)
    if order.stands_for or (sent is None and order.state is not OrderState.SYNCED):
        return order
    customer_id = record.customer.customer_id or (sent.buyer.customer_id if sent else "")
    basis = OrderSource(snapshot=record.snapshot, customer_id=customer_id)
    return order.model_copy(update={"stands_for": basis})


def applied_in_crm(
    record: ReservationRecord, remedy: Remedy, terms: OrderContext, now: datetime
) -> ReservationRecord:
    """Resolve the adjustment: staff have made the order in the CRM match the reservation."""
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
    """Compute the changes since the order was sent; drop the stored source if nothing differs any more."""
    basis, customer_id = record.order.stands_for, record.customer.customer_id
    if record.order.state is not OrderState.SYNCED or basis is None:
        return record
    now = OrderSource(snapshot=record.snapshot, customer_id=customer_id or basis.customer_id)
    changes = changes_between(basis, now, terms)
    # Without a link yet, the guest may still become another customer: keep the source to compare with.
    keeps = changes or customer_id is None
    order = record.order if keeps else record.order.model_copy(update={"stands_for": None})
    return record.model_copy(update={"order": order, "changes_after_sync": changes})
