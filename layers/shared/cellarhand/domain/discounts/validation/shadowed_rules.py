"""Find shadowed rules: rules that can never be applied, because another rule always wins.

Only what can be proved is reported: the other rule holds wherever this one does, is never used up, and wins.
"""

from collections.abc import Iterator

from cellarhand.domain.discounts.engine.benefit_amounts import millionths
from cellarhand.domain.discounts.engine.bitmasks import first_ranks
from cellarhand.domain.discounts.engine.condition_index import Conditions
from cellarhand.domain.discounts.schema.benefits import (
    AmountOffPerGuest,
    AmountOffPerReservation,
    FreeGuests,
    PercentOff,
    PricePerGuest,
)
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema, Rule
from cellarhand.domain.tenants.settings import SeveralAutomatic

from .subsumption import wider_rules

MAX_TRIED = 20
"""How many of the rules that hold wherever another does are compared with it."""
ONE_PERCENT = 10_000
"""In millionths. Surely takes something off: whoever pays half a unit of money or more saves a cent."""


def shadowed_rules(
    schema: DiscountSchema, meanings: Meanings, several: SeveralAutomatic
) -> Iterator[tuple[int, str]]:
    """Pairs of a rule's index in the document and why it is shadowed."""
    if several == "stack":
        return
    places = sorted(range(len(schema.rules)), key=lambda place: _order(schema.rules[place]))
    ranked = [schema.rules[place] for place in places]
    conditions = Conditions(ranked, meanings)
    for rank, rule in enumerate(ranked):
        if _competes(rule):
            earlier = wider_rules(conditions, rule, meanings) & ((1 << rank) - 1)
            for other in (ranked[found] for found in first_ranks(earlier, MAX_TRIED)):
                if message := _why_hidden(other, rule, several):
                    yield places[rank], message
                    break


def _order(rule: Rule) -> tuple[int, str]:
    return rule.priority, rule.id


def _competes(rule: Rule) -> bool:
    return rule.active and rule.code is None and rule.benefit.kind != "access_only"


def _why_hidden(other: Rule, rule: Rule, several: SeveralAutomatic) -> str | None:
    if not _competes(other) or other.limit_per_member:
        return None
    if several == "priority":
        if (other.priority, other.who, other.what, other.when) == (
            rule.priority,
            rule.who,
            rule.what,
            rule.when,
        ):
            return f"rule {other.id} has the same conditions and priority: it is not clear which applies"
        if other.priority < rule.priority and _gives_wherever(other, rule):
            return f"can never apply: rule {other.id} has a lower priority and holds wherever this one does"
        return None
    if _worth_no_less(other, rule):
        return f"can never apply: rule {other.id} is worth no less and holds wherever this one does"
    return None


def _gives_wherever(other: Rule, rule: Rule) -> bool:
    match other.benefit:
        case PercentOff(percent=percent):
            return millionths(percent) >= ONE_PERCENT
        case PricePerGuest(amount=amount):
            return isinstance(rule.benefit, PricePerGuest) and amount <= rule.benefit.amount
        case _:
            return True


def _worth_no_less(other: Rule, rule: Rule) -> bool:
    covers = other.guests_covered_max is None or (
        rule.guests_covered_max is not None and other.guests_covered_max >= rule.guests_covered_max
    )
    ceiling = other.discount_max is None or (
        rule.discount_max is not None and other.discount_max >= rule.discount_max
    )
    return covers and ceiling and _benefit_no_less(other, rule)


def _benefit_no_less(other: Rule, rule: Rule) -> bool:
    match other.benefit, rule.benefit:
        case PercentOff() as ours, PercentOff() as theirs:
            same_rounding = ours.rounds == theirs.rounds
            return same_rounding and millionths(ours.percent) >= millionths(theirs.percent)
        case AmountOffPerGuest() as ours, AmountOffPerGuest() as theirs:
            return ours.amount >= theirs.amount
        case AmountOffPerReservation() as ours, AmountOffPerReservation() as theirs:
            return ours.amount >= theirs.amount
        case FreeGuests() as ours, FreeGuests() as theirs:
            return ours.guests >= theirs.guests
        case PricePerGuest() as ours, PricePerGuest() as theirs:
            return ours.amount <= theirs.amount
        case _:
            return False
