"""The different orders that were sent for one reservation because it changed between two sends.

A CRM that executes a call later than its bound may create any of these orders. Each must be recognised as
ours, together with the state of the reservation that it was made from.

Why: docs/decisions.md#remember-every-order-that-was-sent
"""

from collections.abc import Callable

from cellarhand.domain.orders.order import Order
from cellarhand.domain.orders.order_diff import OrderSource, SentOrder

from .order_progress import OrderProgress, last_sent
from .reservation import ReservationRecord

ALSO_SENT_KEPT = 6
"""The oldest are dropped. There are so many only if staff resend an order often, changed each time."""
ALSO_SENT_CHARACTERS = 100_000
"""As JSON, before compression. Fewer large orders are kept, so that the record fits into one item."""


def also_sent_before(record: ReservationRecord, order: Order) -> tuple[SentOrder, ...]:
    """Earlier orders, including the one sent last if the CRM can distinguish it from the next `order`."""
    sent = record.order.sent
    if sent is None or sent.fingerprint() == order.fingerprint():
        return record.order.also_sent
    return _add_newest(record.order, SentOrder(order=sent, basis=_basis(record, sent)))


def matching_sent_order(record: ReservationRecord, is_it: Callable[[Order], bool]) -> ReservationRecord:
    """Point the record at the newest sent order that the CRM shows; unchanged if that is the last one.

    The last order may still appear in the CRM, so it is kept among the others.
    """
    last = last_sent(record.order)
    if last is None or is_it(last):
        return record
    shown = next((earlier for earlier in reversed(record.order.also_sent) if is_it(earlier.order)), None)
    if shown is None:
        return record
    known = _add_newest(record.order, SentOrder(order=last, basis=_basis(record, last)))
    others = tuple(sent for sent in known if sent != shown)
    changes = {"sent": shown.order, "stands_for": shown.basis, "also_sent": others, "intent": None}
    return record.model_copy(update={"order": record.order.model_copy(update=changes)})


def _basis(record: ReservationRecord, sent: Order) -> OrderSource:
    """What the order that was sent last was made from."""
    unchanged = OrderSource(snapshot=record.snapshot, customer_id=sent.buyer.customer_id)
    return record.order.stands_for or unchanged


def _add_newest(order: OrderProgress, newest: SentOrder) -> tuple[SentOrder, ...]:
    fingerprint = newest.order.fingerprint()
    others = [sent for sent in order.also_sent if sent.order.fingerprint() != fingerprint]
    kept: list[SentOrder] = []
    room = ALSO_SENT_CHARACTERS
    for sent in (newest, *reversed(others[-ALSO_SENT_KEPT + 1 :])):
        room -= len(sent.model_dump_json(exclude_defaults=True))
        if kept and room < 0:
            break
        kept.insert(0, sent)
    return tuple(kept)
