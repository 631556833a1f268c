"""What staff do in the CRM about an adjustment.

Winery CRMs can void an order only on the local day on which it was entered; after that it is refunded.

Why: docs/decisions.md#at-most-one-open-adjustment
"""

from datetime import datetime

from cellarhand.domain.local_time import local_date
from cellarhand.domain.orders.order_diff import OrderPart, is_correctable
from cellarhand.domain.orders.remedy import Remedy

from .adjustment import Adjustment

_ADVICE: dict[Remedy, str] = {
    Remedy.CORRECT: "Correct order {order} in the CRM; its amounts stay as they are.",
    Remedy.VOID: "Void order {order} in the CRM today. From tomorrow on it can only be refunded.",
    Remedy.REFUND: "Refund order {order} in the CRM.",
    Remedy.VOID_AND_ENTER_AGAIN: (
        "Void order {order} in the CRM today (from tomorrow on, refund it). Then enter the visit in the CRM "
        "again as it is now."
    ),
    Remedy.REFUND_AND_ENTER_AGAIN: (
        "Refund order {order} in the CRM. Then enter the visit in the CRM again as it is now."
    ),
    Remedy.ENTER_AGAIN: (
        "Order {order} was voided or refunded. Enter the visit in the CRM again as it is now."
    ),
}


def remedy_of(adjustment: Adjustment, now: datetime, timezone: str) -> Remedy:
    """What staff must do now, by the winery's local date."""
    cancellation = next((c for c in adjustment.changes if c.part is OrderPart.CANCELLATION), None)
    entered = adjustment.entered_at
    same_day = entered is not None and local_date(entered, timezone) == local_date(now, timezone)
    if cancellation is not None:
        taken_back = Remedy.VOID if same_day else Remedy.REFUND
        return taken_back if cancellation.after == "cancelled" else Remedy.ENTER_AGAIN
    if is_correctable(adjustment.changes):
        return Remedy.CORRECT
    if adjustment.is_payment_of_cancelled_visit:
        return Remedy.REFUND
    return Remedy.VOID_AND_ENTER_AGAIN if same_day else Remedy.REFUND_AND_ENTER_AGAIN


def advice_text(adjustment: Adjustment, remedy: Remedy) -> str:
    """The remedy in words, with the order's number or id as the CRM shows it."""
    order = adjustment.order_number or adjustment.crm_order_id
    return _ADVICE[remedy].format(order=order)
