"""A discount schema compiled for quotes, once per version: rules sorted by rank, with an index of conditions.

Rank is the order of `priority`, then `id`, so the order in which rules were written never matters.
"""

from cellarhand.domain.discounts.schema.labels import Meanings, fold_label
from cellarhand.domain.discounts.schema.schema import DiscountSchema, Rule, SchemaPolicy
from cellarhand.domain.tenants.settings import Policy

from .benefit_amounts import PricedRule, at_most, cuts_of
from .bitmasks import mask_of
from .condition_index import Conditions
from .decide import RuleSet, RulesInForce
from .explain import Explanations
from .matching import Matching
from .usage_limits import Limit, limits_of

STAGES = {
    "percent_off": 0,
    "amount_off_per_guest": 1,
    "amount_off_per_reservation": 1,
    "free_guests": 2,
    "price_per_guest": 3,
    "access_only": 4,
}
"""The order in which benefits are applied while rules are stacked."""


type PolicyKey = tuple[str, str, str, str]


class CompiledSchema:
    """All rules by rank. `code_ranks`: rank by folded code. Bitmasks: `access` rules open events, `money`
    rules change the price, `coded` rules need a promo code, `limited` rules draw on allowances.
    """

    def __init__(self, ranked: list[Rule], meanings: Meanings, policy: SchemaPolicy) -> None:
        conditions = Conditions(ranked, meanings)
        self.rules = tuple(_priced(rank, rule) for rank, rule in enumerate(ranked))
        self.matching = Matching(conditions)
        self.to_the_minute = conditions.to_the_minute
        self.explanations = Explanations(self.rules, self.matching)
        self.code_ranks = {fold_label(rule.code): rank for rank, rule in enumerate(ranked) if rule.code}
        self.rank_of = {rule.id: rank for rank, rule in enumerate(ranked)}
        self.access = mask_of(rank for rank, rule in enumerate(ranked) if rule.benefit.kind == "access_only")
        self.money = conditions.every & ~self.access
        self.coded = conditions.coded
        self.limits: dict[int, tuple[Limit, ...]] = limits_of(ranked, meanings)
        self.limited = mask_of(self.limits)
        self.policy = policy
        self._in_force: dict[PolicyKey, RulesInForce] = {}

    def under(self, settings: Policy) -> RulesInForce:
        """The rules under the policy that applies: the schema's own, and the settings' where it sets none."""
        key = (
            settings.several_automatic,
            settings.promo_versus_automatic,
            settings.membership_on_hold,
            settings.crm_unreachable,
        )
        rules = self._in_force.get(key)
        if rules is None:
            kinds = RuleSet(self.rules, self.money, self.coded)
            rules = RulesInForce(self.matching, kinds, self.policy.over(settings))
            self._in_force[key] = rules
        return rules


def compile_schema(schema: DiscountSchema, meanings: Meanings) -> CompiledSchema:
    """Sort and index the rules. `meanings`: the id of each label."""
    ranked = sorted(schema.rules, key=lambda rule: (rule.priority, rule.id))
    return CompiledSchema(ranked, meanings, schema.policy)


NO_RULES = compile_schema(DiscountSchema(), Meanings())


def _priced(rank: int, rule: Rule) -> PricedRule:
    cuts = cuts_of(rule.benefit)
    return PricedRule(
        rank=rank,
        id=rule.id,
        name=rule.name,
        priority=rule.priority,
        turn=(STAGES[rule.benefit.kind], rank),
        covers=rule.guests_covered_max,
        cuts_of=cuts if rule.discount_max is None else at_most(rule.discount_max, cuts),
    )
