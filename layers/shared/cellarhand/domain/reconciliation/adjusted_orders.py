"""What the CRM should show of an order after staff have applied an adjustment to it there.

Why: docs/decisions.md#compare-by-the-correction-that-was-advised
"""

from collections.abc import Sequence

from cellarhand.domain.orders.order import ListedOrder

from .ledger_side import LedgerEntry


def matches_adjustment(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> bool:
    """Whether the CRM shows the adjustment: the new total, or the order voided or refunded."""
    if entry.crm_total_after_adjustment is None:
        return False
    totals = [order.total for order in theirs]
    if totals == [entry.crm_total_after_adjustment]:
        return True
    return entry.is_replaced and (
        _is_gone(totals)
        or (entry.may_remain_after_refund and _is_refunded(totals, entry.crm_total_after_adjustment))
    )


def is_unchanged_since_send(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> bool:
    """Whether the order shows the total that was sent, as it would after a refund."""
    return entry.may_remain_after_refund and [order.total for order in theirs] == [entry.sent_total]


def _is_gone(totals: Sequence[int | None]) -> bool:
    """Whether the order was voided; a new one in its place has a number that we can't match."""
    return all(total == 0 for total in totals)


def _is_refunded(totals: Sequence[int | None], wanted: int) -> bool:
    """Whether refunds bring the total to `wanted`, or to 0 if a new order that we can't match replaced it."""
    amounts = [total for total in totals if total is not None]
    return any(total < 0 for total in amounts) and len(amounts) == len(totals) and sum(amounts) in {0, wanted}
