"""The progress of a reservation's order on its way to the CRM."""

from datetime import datetime
from enum import StrEnum

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import Order
from cellarhand.domain.orders.order_diff import OrderSource, SentOrder
from cellarhand.domain.orders.remedy import Remedy


class OrderState(StrEnum):
    """The states of an order."""

    NOT_ELIGIBLE = "not_eligible"
    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SYNCED = "synced"
    REJECTED = "rejected"
    REVIEW = "review"


WAITING = frozenset({OrderState.PENDING, OrderState.SENDING, OrderState.UNKNOWN})


class Intent(FrozenModel):
    """Stored before a send: who sends (`fence` of the tenant's lease), what, and when it has settled.

    `repeats`: an earlier send of the same order may have been executed. `stood_for`: what the order of an
    earlier send was made from, if that has changed since.
    """

    fence: int
    order: Order
    sent_at: datetime
    settle_until: datetime
    repeats: bool = False
    stood_for: OrderSource | None = None


class OrderProgress(FrozenModel):
    """The order's progress. `sent`: the order that was, or may have been, sent last: what the CRM has.

    `number` and `prefix` are set together before the first send and never change. `attempts` counts the sends
    that a settled read did not find. `first_sent_at` is where the window of a read-back starts. `stands_for`:
    what the order was made from, or what staff last applied in the CRM (at `carried_over_at`); absent while
    the reservation still equals it. `replaced_at`: when staff last voided or refunded the order for a change,
    or entered it again. `remedies`: the distinct corrections that staff were advised to make.
    `also_sent`: other orders that were sent and that the CRM can distinguish from `sent`, oldest first.
    """

    state: OrderState
    reason: str | None = None
    message: str | None = None
    number: int | None = None
    prefix: str | None = None
    intent: Intent | None = None
    first_sent_at: datetime | None = None
    attempts: int = 0
    run_id: str | None = None
    crm_order_id: str | None = None
    sent: Order | None = None
    also_sent: tuple[SentOrder, ...] = ()
    stands_for: OrderSource | None = None
    carried_over_at: datetime | None = None
    replaced_at: datetime | None = None
    remedies: tuple[Remedy, ...] = ()
    synced_at: datetime | None = None


def last_sent(order: OrderProgress) -> Order | None:
    """The order in flight, or else the order that was sent last."""
    return order.intent.order if order.intent else order.sent
