"""The rules applied to a visit, and what is left to pay."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from cellarhand.domain.booking.snapshot import GuestPrice
from cellarhand.domain.discounts.quote import DiscountLine, RuleOutcome
from cellarhand.domain.discounts.reasons import Reason

from .benefit_amounts import Cuts, PricedRule

type GuestAmounts = Sequence[int]


class AppliedRule(NamedTuple):
    """One rule and what it takes off each guest it covers, from guest 1 on. `amount`: the sum of its cuts."""

    rule: PricedRule
    cuts: Cuts
    amount: int

    @property
    def guests(self) -> int:
        """How many guests pay less because of it."""
        return sum(1 for cut in self.cuts if cut)


class AppliedRules:
    """The rules applied, in the order in which they were; by rank, why others were refused; what guests pay.

    All visits for which the same rules hold, at the same fee and with the same party size, share one object,
    so it caches its part of the quote. `holding`: those rules as a bitmask; `outcomes`: their outcomes by
    rank, None until the first quote asks for them.
    """

    def __init__(
        self,
        applied: tuple[AppliedRule, ...],
        refused: dict[int, Reason],
        amounts: GuestAmounts,
        holding: int = 0,
    ) -> None:
        self.applied = applied
        self.refused = refused
        self.amounts = amounts
        self.holding = holding
        self.outcomes: dict[int, RuleOutcome] | None = None
        self.discount = sum([rule.amount for rule in applied])
        self.net = sum(amounts)

    @cached_property
    def guest_prices(self) -> tuple[GuestPrice, ...]:
        """Guests with the same net price form one entry, in the order of the guests."""
        guests: dict[int, int] = {}
        for amount in self.amounts:
            guests[amount] = guests.get(amount, 0) + 1
        return tuple([GuestPrice(guests=count, unit_price=price) for price, count in guests.items()])

    @cached_property
    def lines(self) -> tuple[DiscountLine, ...]:
        """What each applied rule takes off."""
        return tuple(
            DiscountLine(rule=given.rule.id, name=given.rule.name, guests=given.guests, amount=given.amount)
            for given in self.applied
        )


NO_RULE_APPLIED = AppliedRules((), {}, ())
"""No rule holds: every guest pays the fee. Shared by all such visits, so it has no amounts."""
