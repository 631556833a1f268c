"""All that went out for one reservation, where it changed between one send and the next.

A CRM that executes later than its bound may make any of these orders: each must be known again, as ours and
as made from what the reservation was then.
"""

from collections.abc import Callable

from cellarhand.domain.orders.order import Order
from cellarhand.domain.orders.order_diff import OrderSource, SentOrder

from .order_progress import OrderProgress, last_sent
from .reservation import ReservationRecord

ALSO_SENT_KEPT = 6
"""The oldest give way: there are so many only where staff had it sent again and again, changed each time."""
ALSO_SENT_CHARACTERS = 100_000
"""As JSON, unpacked: the largest bodies leave fewer, so that the record fits into one item."""


def also_sent_before(record: ReservationRecord, order: Order) -> tuple[SentOrder, ...]:
    """`also_sent` plus the order sent last, if the CRM could distinguish it from the order sent next."""
    sent = record.order.sent
    if sent is None or sent.fingerprint() == order.fingerprint():
        return record.order.also_sent
    return _with(record.order, SentOrder(order=sent, basis=_basis(record, sent)))


def matching_sent_order(record: ReservationRecord, is_it: Callable[[Order], bool]) -> ReservationRecord:
    """Standing for the newest of its orders that is what the CRM shows; itself, if that is the last one.

    The last one may still turn up: it is kept among the others.
    """
    last = last_sent(record.order)
    if last is None or is_it(last):
        return record
    shown = next((one for one in reversed(record.order.also_sent) if is_it(one.order)), None)
    if shown is None:
        return record
    known = _with(record.order, SentOrder(order=last, basis=_basis(record, last)))
    others = tuple(one for one in known if one != shown)
    changes = {"sent": shown.order, "stands_for": shown.basis, "also_sent": others, "intent": None}
    return record.model_copy(update={"order": record.order.model_copy(update=changes)})


def _basis(record: ReservationRecord, sent: Order) -> OrderSource:
    """Of the order that went out last."""
    unchanged = OrderSource(snapshot=record.snapshot, customer_id=sent.buyer.customer_id)
    return record.order.stands_for or unchanged


def _with(order: OrderProgress, newest: SentOrder) -> tuple[SentOrder, ...]:
    mark = newest.order.fingerprint()
    others = [one for one in order.also_sent if one.order.fingerprint() != mark]
    kept: list[SentOrder] = []
    room = ALSO_SENT_CHARACTERS
    for one in (newest, *reversed(others[-ALSO_SENT_KEPT + 1 :])):
        room -= len(one.model_dump_json(exclude_defaults=True))
        if kept and room < 0:
            break
        kept.insert(0, one)
    return tuple(kept)
