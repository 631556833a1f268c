"""The rules given for a visit, and what is left to pay."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from cellarhand.domain.booking.snapshot import GuestPrice
from cellarhand.domain.discounts.quote import DiscountLine, RuleOutcome
from cellarhand.domain.discounts.reasons import Reason

from .benefit_amounts import Cuts, PricedRule

type GuestAmounts = Sequence[int]


class Given(NamedTuple):
    """One rule and what it takes off each guest it covers, from guest 1 on; `amount`: all together."""

    rule: PricedRule
    cuts: Cuts
    amount: int

    @property
    def guests(self) -> int:
        """How many guests it makes cheaper."""
        return sum(1 for cut in self.cuts if cut)


class AppliedRules:
    """The rules given, in the order of their turns; by rank, why others were not; what guests still pay.

    Shared by all visits for which the same rules hold, at the same fee and for as many guests, so it keeps
    how it reads in a quote. `holding`: those rules; `said`: their outcomes by rank, once
    put into words.
    """

    def __init__(
        self, given: tuple[Given, ...], lost: dict[int, Reason], amounts: GuestAmounts, holding: int = 0
    ) -> None:
        self.given = given
        self.lost = lost
        self.amounts = amounts
        self.holding = holding
        self.said: dict[int, RuleOutcome] | None = None
        self.discount = sum([each.amount for each in given])
        self.net = sum(amounts)

    @cached_property
    def guest_prices(self) -> tuple[GuestPrice, ...]:
        """Equal net prices together, in the order of the guests."""
        guests: dict[int, int] = {}
        for amount in self.amounts:
            guests[amount] = guests.get(amount, 0) + 1
        return tuple([GuestPrice(guests=count, unit_price=each) for each, count in guests.items()])

    @cached_property
    def lines(self) -> tuple[DiscountLine, ...]:
        """What each rule gives."""
        return tuple(
            DiscountLine(rule=each.rule.id, name=each.rule.name, guests=each.guests, amount=each.amount)
            for each in self.given
        )


NOTHING_GIVEN = AppliedRules((), {}, ())
"""No rule holds: whoever comes pays the fee. Names no amounts."""
