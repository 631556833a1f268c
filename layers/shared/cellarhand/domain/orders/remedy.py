"""What staff do in the CRM about an order that is no longer right."""

from enum import StrEnum


class Remedy(StrEnum):
    """A label that a program may branch on."""

    CORRECT = "correct"
    VOID = "void"
    REFUND = "refund"
    VOID_AND_ENTER_AGAIN = "void_and_enter_again"
    REFUND_AND_ENTER_AGAIN = "refund_and_enter_again"
    ENTER_AGAIN = "enter_again"


VOIDS = frozenset({Remedy.VOID, Remedy.VOID_AND_ENTER_AGAIN})
"""The order itself must go, or show the new total."""
REFUNDS = frozenset({Remedy.REFUND, Remedy.REFUND_AND_ENTER_AGAIN})
"""The order may stand as it was: a refund is an order of its own, with a negative total."""
