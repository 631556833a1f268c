"""Which of the rules that hold are given, by the winery's policy, and why the others are not."""

from collections.abc import Sequence
from typing import NamedTuple

from cellarhand.domain.tenant import Policy

from .compiled import CompiledRule
from .pricing import Cuts
from .reasons import Reason

type Amounts = Sequence[int]


class Given(NamedTuple):
    """One rule and what it takes off each guest it covers, from guest 1 on."""

    rule: CompiledRule
    cuts: Cuts

    @property
    def amount(self) -> int:
        """All its cuts together."""
        return sum(self.cuts)

    @property
    def guests(self) -> int:
        """How many guests it makes cheaper."""
        return sum(1 for cut in self.cuts if cut)


class Choice(NamedTuple):
    """The rules given, in the order of their turns; by rank, why others were not; what guests still pay."""

    given: tuple[Given, ...]
    lost: dict[int, Reason]
    amounts: Amounts

    @property
    def worth(self) -> int:
        """What the guests save."""
        return sum(given.amount for given in self.given)


def choose(
    automatic: Sequence[CompiledRule], promo: CompiledRule | None, fees: Amounts, policy: Policy
) -> Choice:
    """Settle automatic rules and the promo code's rule, all of which hold. `fees`: list price per guest."""
    if promo is None:
        return _several(automatic, fees, policy)
    match policy.promo_versus_automatic:
        case "stack":
            return _on_top(_several(automatic, fees, policy), promo)
        case "best_for_guest":
            return _better(_several(automatic, fees, policy), automatic, promo, fees)
        case "promo_replaces_automatic":
            alone = give(promo, fees)
            if not alone.amount:
                return _refuse(_several(automatic, fees, policy), promo, Reason.NOTHING_LEFT)
            return _replace(automatic, alone, fees)


def give(rule: CompiledRule, amounts: Amounts) -> Given:
    """What a rule takes off these amounts."""
    return Given(rule, rule.cuts_of(amounts[: rule.covers]))


def _several(automatic: Sequence[CompiledRule], fees: Amounts, policy: Policy) -> Choice:
    if policy.several_automatic == "stack":
        return _stacked(automatic, fees)
    alone = [give(rule, fees) for rule in automatic]
    worthless = {given.rule.rank: Reason.NOTHING_LEFT for given in alone if not given.amount}
    rivals = [given for given in alone if given.amount]
    if not rivals:
        return Choice((), worthless, fees)
    by_priority = policy.several_automatic == "priority"
    winner = min(rivals, key=_priority_first if by_priority else _worth_first)
    beaten = {
        given.rule.rank: _why_beaten(given, winner, by_priority) for given in rivals if given is not winner
    }
    return Choice((winner,), worthless | beaten, _after(fees, winner))


def _worth_first(given: Given) -> tuple[int, int]:
    return -given.amount, given.rule.rank


def _priority_first(given: Given) -> tuple[int, int, int]:
    return given.rule.priority, -given.amount, given.rule.rank


def _why_beaten(given: Given, winner: Given, by_priority: bool) -> Reason:
    if by_priority and given.rule.priority > winner.rule.priority:
        return Reason.LOWER_PRIORITY
    return Reason.SMALLER_THAN_OTHER if given.amount < winner.amount else Reason.LOWER_PRIORITY


def _stacked(automatic: Sequence[CompiledRule], fees: Amounts) -> Choice:
    choice = Choice((), {}, fees)
    for rule in sorted(automatic, key=lambda rule: (rule.stage, rule.rank)):
        choice = _on_top(choice, rule)
    return choice


def _on_top(choice: Choice, rule: CompiledRule) -> Choice:
    given = give(rule, choice.amounts)
    if not given.amount:
        return _refuse(choice, rule, Reason.NOTHING_LEFT)
    return Choice((*choice.given, given), choice.lost, _after(choice.amounts, given))


def _better(choice: Choice, automatic: Sequence[CompiledRule], promo: CompiledRule, fees: Amounts) -> Choice:
    alone = give(promo, fees)
    if not alone.amount:
        return _refuse(choice, promo, Reason.NOTHING_LEFT)
    if alone.amount < choice.worth:
        return _refuse(choice, promo, Reason.SMALLER_THAN_OTHER)
    return _replace(automatic, alone, fees)


def _replace(automatic: Sequence[CompiledRule], promo: Given, fees: Amounts) -> Choice:
    replaced = {rule.rank: Reason.REPLACED_BY_PROMO for rule in automatic}
    return Choice((promo,), replaced, _after(fees, promo))


def _refuse(choice: Choice, rule: CompiledRule, reason: Reason) -> Choice:
    return choice._replace(lost=choice.lost | {rule.rank: reason})


def _after(amounts: Amounts, given: Given) -> Amounts:
    cuts = given.cuts
    return [amount - cut for amount, cut in zip(amounts, cuts, strict=False)] + list(amounts[len(cuts) :])
