"""Apply the winery's policy: which of the rules that hold are applied, and why the others are refused."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.tenants.settings import PromoVersusAutomatic, SeveralAutomatic

from .applied_rules import AppliedRule, AppliedRules, GuestAmounts
from .benefit_amounts import PricedRule

type CombinationPolicy = tuple[SeveralAutomatic, PromoVersusAutomatic]
"""The two policies that decide which rules are applied."""


class ListPrice(NamedTuple):
    """What guests pay without rules (`fees`), and what each rule alone takes off that (`alone`)."""

    fees: GuestAmounts
    alone: Callable[[PricedRule], AppliedRule]


def combine(
    automatic: Sequence[PricedRule], promo: PricedRule | None, listed: ListPrice, policy: CombinationPolicy
) -> AppliedRules:
    """Combine the automatic rules with the promo code's rule. All of them must hold for the visit."""
    several, promo_versus_automatic = policy
    if promo is None:
        return _combine_automatic(automatic, listed, several)
    match promo_versus_automatic:
        case "stack":
            return _add_promo(_combine_automatic(automatic, listed, several), promo)
        case "best_for_guest":
            return _better_of_both(_combine_automatic(automatic, listed, several), automatic, promo, listed)
        case "promo_replaces_automatic":
            alone = listed.alone(promo)
            if not alone.amount:
                return _refuse(_combine_automatic(automatic, listed, several), promo, Reason.NOTHING_LEFT)
            return _replace_by_promo(automatic, alone, listed.fees)


def apply_rule(rule: PricedRule, amounts: GuestAmounts) -> AppliedRule:
    """Take one rule's benefit off these amounts."""
    cuts = rule.cuts_of(amounts[: rule.covers])
    return AppliedRule(rule, cuts, sum(cuts))


def _combine_automatic(
    automatic: Sequence[PricedRule], listed: ListPrice, several: SeveralAutomatic
) -> AppliedRules:
    if several == "stack":
        return _stack(automatic, listed.fees)
    refused: dict[int, Reason] = {}
    rivals: list[AppliedRule] = []
    for rule in automatic:
        applied = listed.alone(rule)
        if applied.amount:
            rivals.append(applied)
        else:
            refused[rule.rank] = Reason.NOTHING_LEFT
    if not rivals:
        return AppliedRules((), refused, listed.fees)
    by_priority = several == "priority"
    winner = min(rivals, key=_by_priority if by_priority else _by_amount)
    for applied in rivals:
        if applied is not winner:
            refused[applied.rule.rank] = _why_beaten(applied, winner, by_priority)
    return AppliedRules((winner,), refused, _amounts_left(listed.fees, winner))


def _by_amount(applied: AppliedRule) -> tuple[int, int]:
    return -applied.amount, applied.rule.rank


def _by_priority(applied: AppliedRule) -> tuple[int, int, int]:
    return applied.rule.priority, -applied.amount, applied.rule.rank


def _why_beaten(applied: AppliedRule, winner: AppliedRule, by_priority: bool) -> Reason:
    if by_priority and applied.rule.priority > winner.rule.priority:
        return Reason.LOWER_PRIORITY
    return Reason.SMALLER_THAN_OTHER if applied.amount < winner.amount else Reason.LOWER_PRIORITY


def _stack(automatic: Sequence[PricedRule], fees: GuestAmounts) -> AppliedRules:
    applied: list[AppliedRule] = []
    refused: dict[int, Reason] = {}
    amounts = fees
    for rule in sorted(automatic, key=attrgetter("turn")):
        cut = apply_rule(rule, amounts)
        if cut.amount:
            applied.append(cut)
            amounts = _amounts_left(amounts, cut)
        else:
            refused[rule.rank] = Reason.NOTHING_LEFT
    return AppliedRules(tuple(applied), refused, amounts)


def _add_promo(choice: AppliedRules, rule: PricedRule) -> AppliedRules:
    applied = apply_rule(rule, choice.amounts)
    if not applied.amount:
        return _refuse(choice, rule, Reason.NOTHING_LEFT)
    return AppliedRules((*choice.applied, applied), choice.refused, _amounts_left(choice.amounts, applied))


def _better_of_both(
    choice: AppliedRules, automatic: Sequence[PricedRule], promo: PricedRule, listed: ListPrice
) -> AppliedRules:
    alone = listed.alone(promo)
    if not alone.amount:
        return _refuse(choice, promo, Reason.NOTHING_LEFT)
    if alone.amount < choice.discount:
        return _refuse(choice, promo, Reason.SMALLER_THAN_OTHER)
    return _replace_by_promo(automatic, alone, listed.fees)


def _replace_by_promo(
    automatic: Sequence[PricedRule], promo: AppliedRule, fees: GuestAmounts
) -> AppliedRules:
    replaced = {rule.rank: Reason.REPLACED_BY_PROMO for rule in automatic}
    return AppliedRules((promo,), replaced, _amounts_left(fees, promo))


def _refuse(choice: AppliedRules, rule: PricedRule, reason: Reason) -> AppliedRules:
    return AppliedRules(choice.applied, choice.refused | {rule.rank: reason}, choice.amounts)


def _amounts_left(amounts: GuestAmounts, applied: AppliedRule) -> GuestAmounts:
    left = [amount - cut for amount, cut in zip(amounts, applied.cuts, strict=False)]
    left += amounts[len(left) :]
    return left
