"""What one rule takes off the price of each guest. Whole minor units only, rounded half-up.

`amounts` is what guests 1 to n would still pay. Every function returns the *cut* for each of them, which is
never more than the amount. Rules cover guests from the first on, so the lists stay aligned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cellarhand.domain.discounts.schema.benefits import (
    AccessOnly,
    AmountOffPerGuest,
    AmountOffPerReservation,
    FreeGuests,
    PercentOff,
    PricePerGuest,
)

type Cuts = list[int]
type CutsOf = Callable[[Sequence[int]], Cuts]

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class PricedRule:
    """One rule, ready for pricing. `covers`: the most guests it covers; None: the whole party.

    `rank`: its position when rules are sorted by `priority`, then `id`. `turn`: the sort key while rules are
    stacked, by kind of benefit, then rank.
    """

    rank: int
    id: str
    name: str
    priority: int
    turn: tuple[int, int]
    covers: int | None
    cuts_of: CutsOf


@lru_cache(maxsize=1_024)
def millionths(percent: str) -> int:
    """A percentage as millionths of the whole: "12.5" is 125,000. Exact up to four decimals."""
    whole, _, decimals = percent.partition(".")
    return int(whole) * 10_000 + int(decimals.ljust(4, "0"))


def share(amount: int, rate: int) -> int:
    """`rate` millionths of an amount, rounded half-up."""
    return (2 * amount * rate + MILLION) // (2 * MILLION)


def spread_over_guests(amount: int, weights: Sequence[int]) -> Cuts:
    """Split an amount in proportion to the weights; spare cents go to the lowest guest numbers.

    Requires 0 <= amount <= sum(weights). No part exceeds its weight, and a weight of 0 gets nothing.
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    spare = amount - sum(parts)
    for guest, weight in enumerate(weights):
        if spare == 0:
            break
        if weight:
            parts[guest] += 1
            spare -= 1
    return parts


def percent_per_guest(rate: int) -> CutsOf:
    """A percentage off, rounded for each guest."""

    def cuts(amounts: Sequence[int]) -> Cuts:
        first = amounts[0]
        if amounts.count(first) == len(amounts):
            return [share(first, rate)] * len(amounts)
        return [share(amount, rate) for amount in amounts]

    return cuts


def percent_per_reservation(rate: int) -> CutsOf:
    """A percentage off, rounded once for the reservation, then spread over the guests."""
    return lambda amounts: spread_over_guests(share(sum(amounts), rate), amounts)


def amount_per_guest(off: int) -> CutsOf:
    """The same amount off for each guest, at most what the guest would pay."""
    return lambda amounts: [min(amount, off) for amount in amounts]


def amount_per_reservation(off: int) -> CutsOf:
    """One amount off, spread over the guests, at most what they would pay."""
    return lambda amounts: spread_over_guests(min(off, sum(amounts)), amounts)


def free_guests(guests: int) -> CutsOf:
    """The first guests who would pay anything pay nothing."""

    def cuts(amounts: Sequence[int]) -> Cuts:
        left = guests
        freed: Cuts = []
        for amount in amounts:
            freed.append(amount if left else 0)
            left -= bool(amount and left)
        return freed

    return cuts


def price_per_guest(price: int) -> CutsOf:
    """A fixed price for each guest, unless the guest would pay less without it."""
    return lambda amounts: [max(0, amount - price) for amount in amounts]


def at_most(ceiling: int, uncapped: CutsOf) -> CutsOf:
    """The same cuts under a ceiling for the reservation: the excess is taken back in proportion."""

    def cuts(amounts: Sequence[int]) -> Cuts:
        full = uncapped(amounts)
        over = sum(full) - ceiling
        if over <= 0:
            return full
        return [cut - back for cut, back in zip(full, spread_over_guests(over, full), strict=True)]

    return cuts


type MoneyBenefit = PercentOff | AmountOffPerGuest | AmountOffPerReservation | FreeGuests | PricePerGuest


def cuts_of(benefit: MoneyBenefit | AccessOnly) -> CutsOf:
    """The function that computes a benefit's cuts."""
    match benefit:
        case PercentOff(rounds="per_guest"):
            return percent_per_guest(millionths(benefit.percent))
        case PercentOff():
            return percent_per_reservation(millionths(benefit.percent))
        case AmountOffPerGuest():
            return amount_per_guest(benefit.amount)
        case AmountOffPerReservation():
            return amount_per_reservation(benefit.amount)
        case FreeGuests():
            return free_guests(benefit.guests)
        case PricePerGuest():
            return price_per_guest(benefit.amount)
        case AccessOnly():
            return lambda amounts: [0] * len(amounts)
