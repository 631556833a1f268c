"""How a snapshot's price differs from what the rules say, and why."""

from typing import Literal, Self

from cellarhand.domain.models import FrozenModel

PriceCause = Literal[
    "quote_unknown",
    "allowance_gone",
    "allowance_busy",
    "schema_changed",
    "membership_changed",
    "booking_changed",
    "quote_expired",
    "settings_changed",
    "not_as_quoted",
]


class PriceCheck(FrozenModel):
    """A price that no longer holds. `difference`: what was booked less `expected_total`, in minor units.

    Both are absent where nobody can tell: the quote is not known, or the allowance is fought for.
    """

    expected_total: int | None
    difference: int | None
    cause: PriceCause

    @classmethod
    def untold(cls, cause: PriceCause) -> Self:
        """Nobody can tell what it should be."""
        return cls(expected_total=None, difference=None, cause=cause)
