"""What became of every rule, and of the promo code, in words that staff can act on."""

from typing import Literal, NamedTuple

from .choosing import Choice
from .compiled import CompiledSchema
from .quote import Promo, RuleOutcome
from .reasons import Reason

MOST_EXPLAINED = 200
"""With more rules than this, only the near ones are explained unless all are asked for."""

FAR = frozenset(
    {
        Reason.RULE_INACTIVE,
        Reason.CODE_NOT_GIVEN,
        Reason.WRONG_EVENT,
        Reason.NOT_MEMBER,
        Reason.WRONG_CONTACT_TYPE,
    }
)
"""Reasons of rules that were never about this event, guest or code; the other rules are near."""

_OUTSIDE_DATES = {Reason.DATES, Reason.BLACKOUT}


class Decision(NamedTuple):
    """The whole outcome. `opened`: the access rules that hold; `reasons`: of refused rules, by rank."""

    choice: Choice
    opened: int
    reasons: dict[int, Reason]


def rule_outcomes(
    schema: CompiledSchema, decision: Decision, explain: Literal["near", "all"] | None
) -> tuple[RuleOutcome, ...]:
    """Every rule by rank, or the near ones only."""
    near_only = explain == "near" or (explain is None and len(schema.rules) > MOST_EXPLAINED)
    amounts = {given.rule.rank: given.amount for given in decision.choice.given}
    return tuple(
        RuleOutcome(
            rule=rule.id,
            outcome="refused" if reason else "applied",
            reason=reason,
            amount=amounts.get(rule.rank, 0),
        )
        for rule in schema.rules
        if (reason := decision.reasons.get(rule.rank)) not in FAR or not near_only
    )


def promo_outcome(schema: CompiledSchema, decision: Decision, code: str | None, typed: str | None) -> Promo:
    """What became of the code. `code` is folded; `typed` is what the guest wrote."""
    if code is None:
        return Promo()
    rank = schema.code_ranks.get(code)
    reason = Reason.CODE_UNKNOWN if rank is None else decision.reasons.get(rank)
    if reason is None:
        return Promo(code=typed, status="accepted")
    return Promo(
        code=typed,
        status="refused",
        reason=Reason.CODE_OUTSIDE_DATES if reason in _OUTSIDE_DATES else reason,
    )
