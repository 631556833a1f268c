"""Decide which rules are applied to a visit and a guest. A quote spends most of its time here."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from cellarhand.domain.bounded_memo import BoundedMemo
from cellarhand.domain.tenants.settings import Policy

from .applied_rules import NO_RULE_APPLIED, AppliedRule, AppliedRules
from .benefit_amounts import PricedRule
from .bitmasks import ranks
from .combine import ListPrice, apply_rule, combine
from .facts import GuestFacts, VisitFacts
from .matching import Matching
from .usage_limits import Cover

MAX_CHOICES = 8_192
MAX_PARTY = 500
"""Guests. No party is larger."""


class RuleSet(NamedTuple):
    """Rules by rank. Bitmasks: `money` rules change the price, `coded` rules need a promo code."""

    rules: tuple[PricedRule, ...]
    money: int
    coded: int


class RulesInForce:
    """The rules of a schema under one policy.

    `decide(visit, guest, fee)`: the rules applied to a visit if no allowance runs short. `fee`: the list
    price of each guest.
    """

    def __init__(self, matching: Matching, rules: RuleSet, policy: Policy) -> None:
        self.policy = policy
        self._rules = rules
        self._combination = policy.several_automatic, policy.promo_versus_automatic
        self._choices: dict[tuple[int, int, int], AppliedRules] = {}
        self._list_prices = BoundedMemo[tuple[int, int], ListPrice](_list_price, max_size=256)
        self.decide = self._make_decide(matching)

    def combine(
        self, holding: int, fee: int, party_size: int, covers: tuple[Cover, ...] = ()
    ) -> AppliedRules:
        """The price once it is known which rules hold. `covers`: guests that short allowances still cover."""
        if covers:
            return self._combine(holding, fee, party_size, covers)
        key = holding, fee, party_size
        choice = self._choices.get(key)
        if choice is None:
            if len(self._choices) >= MAX_CHOICES:
                self._choices.clear()
            choice = self._choices[key] = self._combine(holding, fee, party_size)
        return choice

    def _make_decide(self, matching: Matching) -> Callable[[VisitFacts, GuestFacts, int], AppliedRules]:
        """Uses plain dictionaries and local names: attribute look-ups and calls would double the time."""
        places, guests = matching.place.accepting, matching.guest.accepting
        days, hours, booked = matching.day.accepting, matching.hour.accepting, matching.booked.accepting
        parties, ahead = matching.party_size.accepting, matching.days_ahead.accepting
        by_booking = matching.conditions.valid_booked.asked
        choices = self._choices

        def decide(visit: VisitFacts, guest: GuestFacts, fee: int) -> AppliedRules:
            try:
                holding = places[visit.place] & guests[guest]
                if not holding:
                    return NO_RULE_APPLIED
                holding &= days[visit.day] & parties[visit.party_size]
                if not holding:
                    return NO_RULE_APPLIED
                if by_booking:
                    holding &= booked[visit.booked_day]
                holding &= ahead[visit.days_ahead] & hours[visit.hour]
                if not holding:
                    return NO_RULE_APPLIED
            except KeyError:
                matching.learn(visit, guest)
                return decide(visit, guest, fee)
            try:
                return choices[holding, fee, visit.party_size]
            except KeyError:
                return self.combine(holding, fee, visit.party_size)

        return decide

    def _combine(
        self, holding: int, fee: int, party_size: int, covers: tuple[Cover, ...] = ()
    ) -> AppliedRules:
        rules, money, coded = self._rules
        automatic = [rules[rank] for rank in ranks(holding & money & ~coded)]
        promo = [rules[rank] for rank in ranks(holding & money & coded)]
        listed = self._list_prices[fee, party_size]
        if covers:
            automatic, promo = _limit_covers(automatic, covers), _limit_covers(promo, covers)
            listed = listed._replace(alone=lambda rule: apply_rule(rule, listed.fees))
        choice = combine(automatic, promo[0] if promo else None, listed, self._combination)
        choice.holding = holding
        return choice


def _list_price(key: tuple[int, int]) -> ListPrice:
    fee, party_size = key
    fees = [fee] * party_size
    alone = BoundedMemo[PricedRule, AppliedRule](lambda rule: apply_rule(rule, fees))
    return ListPrice(fees, alone.__getitem__)


def _limit_covers(rules: list[PricedRule], covers: tuple[Cover, ...]) -> list[PricedRule]:
    """The rules, covering at most as many guests as their allowances still cover."""
    left = dict(covers)
    return [
        replace(rule, covers=min(left.get(rule.rank, MAX_PARTY), rule.covers or MAX_PARTY)) for rule in rules
    ]
