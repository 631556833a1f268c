"""A schema made ready for quotes, once per version: rules in rank order and what each may be found by.

Rank is the order of `priority`, then `id`, so the order in which rules were written never matters.
"""

from typing import NamedTuple

from .conditions import Conditions
from .names import Meanings, fold_label
from .pricing import CutsOf, at_most, cuts_of
from .schema import DiscountSchema, Rule, SchemaPolicy

STAGES = {
    "percent_off": 0,
    "amount_off_per_guest": 1,
    "amount_off_per_reservation": 1,
    "free_guests": 2,
    "price_per_guest": 3,
    "access_only": 4,
}
"""When a benefit has its turn while rules are stacked."""


class CompiledRule(NamedTuple):
    """One rule, ready to be priced. `covers`: how many guests at most; absent: the whole party."""

    rank: int
    id: str
    name: str
    priority: int
    stage: int
    covers: int | None
    cuts_of: CutsOf


class CompiledSchema(NamedTuple):
    """All rules by rank. `code_ranks`: rank by folded code; `access`: the set of access rules."""

    rules: tuple[CompiledRule, ...]
    conditions: Conditions
    code_ranks: dict[str, int]
    access: int
    policy: SchemaPolicy


def compile_schema(schema: DiscountSchema, meanings: Meanings) -> CompiledSchema:
    """Sort, price and index the rules. `meanings` say which ids the labels stand for."""
    ranked = sorted(schema.rules, key=lambda rule: (rule.priority, rule.id))
    return CompiledSchema(
        rules=tuple(_compiled(rank, rule) for rank, rule in enumerate(ranked)),
        conditions=Conditions(ranked, meanings),
        code_ranks={fold_label(rule.code): rank for rank, rule in enumerate(ranked) if rule.code},
        access=sum(1 << rank for rank, rule in enumerate(ranked) if rule.benefit.kind == "access_only"),
        policy=schema.policy,
    )


NO_RULES = compile_schema(DiscountSchema(), Meanings())


def _compiled(rank: int, rule: Rule) -> CompiledRule:
    cuts = cuts_of(rule.benefit)
    return CompiledRule(
        rank=rank,
        id=rule.id,
        name=rule.name,
        priority=rule.priority,
        stage=STAGES[rule.benefit.kind],
        covers=rule.guests_covered_max,
        cuts_of=cuts if rule.discount_max is None else at_most(rule.discount_max, cuts),
    )
