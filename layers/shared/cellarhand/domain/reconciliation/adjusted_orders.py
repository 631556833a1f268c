"""What the CRM should have of an order into which staff have carried a later change."""

from collections.abc import Sequence

from cellarhand.domain.orders.order import ListedOrder

from .ledger_side import LedgerEntry


def is_as_carried_over(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> bool:
    """Whether the CRM has what staff made of the order: it is taken back there, or shows the new total."""
    if entry.carried_over is None:
        return False
    totals = [order.total for order in theirs]
    if totals == [entry.carried_over]:
        return True
    return entry.is_replaced and (
        _is_gone(totals) or (entry.may_remain_after_refund and _come_to(totals, entry.carried_over))
    )


def stands_as_sent(entry: LedgerEntry, theirs: Sequence[ListedOrder]) -> bool:
    """Whether it is there as it was sent, as a refund would leave it."""
    return entry.may_remain_after_refund and [order.total for order in theirs] == [entry.sent_total]


def _is_gone(totals: Sequence[int | None]) -> bool:
    """Voided, or entered again where we can't see it."""
    return all(total == 0 for total in totals)


def _come_to(totals: Sequence[int | None], wanted: int) -> bool:
    """With a refund: of what is too much, or of all, and then it is entered again where we can't see it."""
    amounts = [total for total in totals if total is not None]
    return any(total < 0 for total in amounts) and len(amounts) == len(totals) and sum(amounts) in {0, wanted}
