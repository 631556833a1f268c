"""How far the order of a reservation has come into the CRM."""

from datetime import datetime
from enum import StrEnum

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import Order
from cellarhand.domain.orders.order_diff import OrderSource, SentOrder
from cellarhand.domain.orders.remedy import Remedy


class OrderState(StrEnum):
    """The one vocabulary of order states (design section 4.2)."""

    NOT_ELIGIBLE = "not_eligible"
    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SYNCED = "synced"
    REJECTED = "rejected"
    REVIEW = "review"


WAITING = frozenset({OrderState.PENDING, OrderState.SENDING, OrderState.UNKNOWN})


class Intent(FrozenModel):
    """Written before a send: who may send (`fence` of the tenant's lease), what, and until when to settle.

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
    """The order's way into the CRM. `sent` is the order that last went out, or may have: as the CRM has it.

    `number` and `prefix` are fixed together before the first send and never change; `attempts` counts full
    ones that ended in "none found"; `first_sent_at` is where a read-back must begin to look. `stands_for` is
    what the order was made from, or what staff last carried over (at `carried_over_at`): absent while that is
    unchanged. `replaced_at`: when they last took the order back for it, or entered it again; `remedies`: all
    that they were advised to do when they carried something over, each once. `also_sent`: earlier
    orders that were sent and differ from `sent`, oldest first.
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
    """The order that is on its way or went out last."""
    return order.intent.order if order.intent else order.sent
