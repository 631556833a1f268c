"""How a snapshot's price differs from what the rules give, and why."""

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
    """A price that no longer holds. `difference`: the booked total less `expected_total`, in minor units.

    Both are None where they can't be computed: the quote is not known, or the allowance is under contention.
    """

    expected_total: int | None
    difference: int | None
    cause: PriceCause

    @classmethod
    def unknown(cls, cause: PriceCause) -> Self:
        """The expected price can't be computed."""
        return cls(expected_total=None, difference=None, cause=cause)
