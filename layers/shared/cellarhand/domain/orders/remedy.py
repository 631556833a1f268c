"""What staff do in the CRM about an order that no longer matches its reservation.

Why: docs/decisions.md#compare-by-the-correction-that-was-advised
"""

from enum import StrEnum


class Remedy(StrEnum):
    """A stable code for clients."""

    CORRECT = "correct"
    VOID = "void"
    REFUND = "refund"
    VOID_AND_ENTER_AGAIN = "void_and_enter_again"
    REFUND_AND_ENTER_AGAIN = "refund_and_enter_again"
    ENTER_AGAIN = "enter_again"


VOIDS = frozenset({Remedy.VOID, Remedy.VOID_AND_ENTER_AGAIN})
"""The order itself must disappear or show the new total."""
REFUNDS = frozenset({Remedy.REFUND, Remedy.REFUND_AND_ENTER_AGAIN})
"""The order may remain unchanged: a refund is a separate order with a negative total."""
