"""Which of the rules that hold are given, by the winery's policy, and why the others are not."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.tenants.settings import PromoVersusAutomatic, SeveralAutomatic

from .applied_rules import AppliedRules, Given, GuestAmounts
from .benefit_amounts import PricedRule

type CombinationPolicy = tuple[SeveralAutomatic, PromoVersusAutomatic]
"""The two policies that settle which rules are given."""


class ListPrice(NamedTuple):
    """What guests pay without rules, and what each rule alone takes off that."""

    fees: GuestAmounts
    alone: Callable[[PricedRule], Given]


def combine(
    automatic: Sequence[PricedRule], promo: PricedRule | None, listed: ListPrice, terms: CombinationPolicy
) -> AppliedRules:
    """Settle automatic rules and the promo code's rule, all of which hold."""
    several, promo_versus_automatic = terms
    if promo is None:
        return _several(automatic, listed, several)
    match promo_versus_automatic:
        case "stack":
            return _on_top(_several(automatic, listed, several), promo)
        case "best_for_guest":
            return _better(_several(automatic, listed, several), automatic, promo, listed)
        case "promo_replaces_automatic":
            alone = listed.alone(promo)
            if not alone.amount:
                return _refuse(_several(automatic, listed, several), promo, Reason.NOTHING_LEFT)
            return _replace(automatic, alone, listed.fees)


def give(rule: PricedRule, amounts: GuestAmounts) -> Given:
    """What a rule takes off these amounts."""
    cuts = rule.cuts_of(amounts[: rule.covers])
    return Given(rule, cuts, sum(cuts))


def _several(automatic: Sequence[PricedRule], listed: ListPrice, several: SeveralAutomatic) -> AppliedRules:
    if several == "stack":
        return _stacked(automatic, listed.fees)
    lost: dict[int, Reason] = {}
    rivals: list[Given] = []
    for rule in automatic:
        given = listed.alone(rule)
        if given.amount:
            rivals.append(given)
        else:
            lost[rule.rank] = Reason.NOTHING_LEFT
    if not rivals:
        return AppliedRules((), lost, listed.fees)
    by_priority = several == "priority"
    winner = min(rivals, key=_priority_first if by_priority else _worth_first)
    for given in rivals:
        if given is not winner:
            lost[given.rule.rank] = _why_beaten(given, winner, by_priority)
    return AppliedRules((winner,), lost, _after(listed.fees, winner))


def _worth_first(given: Given) -> tuple[int, int]:
    return -given.amount, given.rule.rank


def _priority_first(given: Given) -> tuple[int, int, int]:
    return given.rule.priority, -given.amount, given.rule.rank


def _why_beaten(given: Given, winner: Given, by_priority: bool) -> Reason:
    if by_priority and given.rule.priority > winner.rule.priority:
        return Reason.LOWER_PRIORITY
    return Reason.SMALLER_THAN_OTHER if given.amount < winner.amount else Reason.LOWER_PRIORITY


def _stacked(automatic: Sequence[PricedRule], fees: GuestAmounts) -> AppliedRules:
    given: list[Given] = []
    lost: dict[int, Reason] = {}
    amounts = fees
    for rule in sorted(automatic, key=attrgetter("turn")):
        cut = give(rule, amounts)
        if cut.amount:
            given.append(cut)
            amounts = _after(amounts, cut)
        else:
            lost[rule.rank] = Reason.NOTHING_LEFT
    return AppliedRules(tuple(given), lost, amounts)


def _on_top(choice: AppliedRules, rule: PricedRule) -> AppliedRules:
    given = give(rule, choice.amounts)
    if not given.amount:
        return _refuse(choice, rule, Reason.NOTHING_LEFT)
    return AppliedRules((*choice.given, given), choice.lost, _after(choice.amounts, given))


def _better(
    choice: AppliedRules, automatic: Sequence[PricedRule], promo: PricedRule, listed: ListPrice
) -> AppliedRules:
    alone = listed.alone(promo)
    if not alone.amount:
        return _refuse(choice, promo, Reason.NOTHING_LEFT)
    if alone.amount < choice.discount:
        return _refuse(choice, promo, Reason.SMALLER_THAN_OTHER)
    return _replace(automatic, alone, listed.fees)


def _replace(automatic: Sequence[PricedRule], promo: Given, fees: GuestAmounts) -> AppliedRules:
    replaced = {rule.rank: Reason.REPLACED_BY_PROMO for rule in automatic}
    return AppliedRules((promo,), replaced, _after(fees, promo))


def _refuse(choice: AppliedRules, rule: PricedRule, reason: Reason) -> AppliedRules:
    return AppliedRules(choice.given, choice.lost | {rule.rank: reason}, choice.amounts)


def _after(amounts: GuestAmounts, given: Given) -> GuestAmounts:
    left = [amount - cut for amount, cut in zip(amounts, given.cuts, strict=False)]
    left += amounts[len(left) :]
    return left
