"""Deciding: from a visit and a guest to the rules given. What a quote costs is spent here."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from cellarhand.domain.tenants.settings import Policy

from .applied_rules import NOTHING_GIVEN, AppliedRules, Given
from .benefit_amounts import PricedRule
from .bitmasks import ranks
from .bounded_memo import BoundedMemo
from .combine import ListPrice, combine, give
from .facts import GuestFacts, VisitFacts
from .matching import Matching
from .usage_limits import Cover

MAX_CHOICES = 8_192
MANY = 500
"""Guests; no party is larger."""


class RuleSet(NamedTuple):
    """Rules by rank; `money`, `coded`: those that give money, those that wait for a code."""

    rules: tuple[PricedRule, ...]
    money: int
    coded: int


class RulesInForce:
    """The rules of a schema under a winery's policy, the one that counts.

    `decide(visit, guest, fee)`: what a visit saves, as long as no allowance runs short. `fee`: list price of
    each guest.
    """

    def __init__(self, matching: Matching, rules: RuleSet, policy: Policy) -> None:
        self.policy = policy
        self._rules = rules
        self._terms = policy.several_automatic, policy.promo_versus_automatic
        self._choices: dict[tuple[int, int, int], AppliedRules] = {}
        self._list_prices = BoundedMemo[tuple[int, int], ListPrice](_list_price, most=256)
        self.decide = self._deciding(matching)

    def combine(
        self, holding: int, fee: int, party_size: int, covers: tuple[Cover, ...] = ()
    ) -> AppliedRules:
        """The price once it is known which rules hold. `covers`: what short allowances leave of them."""
        if covers:
            return self._settle(holding, fee, party_size, covers)
        key = holding, fee, party_size
        choice = self._choices.get(key)
        if choice is None:
            if len(self._choices) >= MAX_CHOICES:
                self._choices.clear()
            choice = self._choices[key] = self._settle(holding, fee, party_size)
        return choice

    def _deciding(self, matching: Matching) -> Callable[[VisitFacts, GuestFacts, int], AppliedRules]:
        """Plain dictionaries and local names: attributes and calls between would double what it costs."""
        places, guests = matching.place.content, matching.guest.content
        days, hours, booked = matching.day.content, matching.hour.content, matching.booked.content
        parties, ahead = matching.party_size.content, matching.days_ahead.content
        by_booking = matching.conditions.valid_booked.asked
        choices = self._choices

        def decide(visit: VisitFacts, guest: GuestFacts, fee: int) -> AppliedRules:
            try:
                holding = places[visit.place] & guests[guest]
                if not holding:
                    return NOTHING_GIVEN
                holding &= days[visit.day] & parties[visit.party_size]
                if not holding:
                    return NOTHING_GIVEN
                if by_booking:
                    holding &= booked[visit.booked_day]
                holding &= ahead[visit.days_ahead] & hours[visit.hour]
                if not holding:
                    return NOTHING_GIVEN
            except KeyError:
                matching.learn(visit, guest)
                return decide(visit, guest, fee)
            try:
                return choices[holding, fee, visit.party_size]
            except KeyError:
                return self.combine(holding, fee, visit.party_size)

        return decide

    def _settle(
        self, holding: int, fee: int, party_size: int, covers: tuple[Cover, ...] = ()
    ) -> AppliedRules:
        rules, money, coded = self._rules
        automatic = [rules[rank] for rank in ranks(holding & money & ~coded)]
        promo = [rules[rank] for rank in ranks(holding & money & coded)]
        listed = self._list_prices[fee, party_size]
        if covers:
            automatic, promo = _covering(automatic, covers), _covering(promo, covers)
            listed = listed._replace(alone=lambda rule: give(rule, listed.fees))
        choice = combine(automatic, promo[0] if promo else None, listed, self._terms)
        choice.holding = holding
        return choice


def _list_price(key: tuple[int, int]) -> ListPrice:
    fee, party_size = key
    fees = [fee] * party_size
    alone = BoundedMemo[PricedRule, Given](lambda rule: give(rule, fees))
    return ListPrice(fees, alone.__getitem__)


def _covering(rules: list[PricedRule], covers: tuple[Cover, ...]) -> list[PricedRule]:
    """The rules for no more guests than allowances are left for."""
    left = dict(covers)
    return [replace(rule, covers=min(left.get(rule.rank, MANY), rule.covers or MANY)) for rule in rules]
