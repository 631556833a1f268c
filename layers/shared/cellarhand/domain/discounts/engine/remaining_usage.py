"""What allowances mean for a price, and what a booking needs of them."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from cellarhand.domain.discounts.allowance import AllowanceKey, AllowanceNeed
from cellarhand.domain.discounts.quote import AllowanceLeft
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.labels import fold_label

from .applied_rules import AppliedRules
from .bitmasks import ranks
from .compiled_schema import CompiledSchema
from .usage_limits import Cover, Limit, Occasion, Usage


class Drawn(NamedTuple):
    """One allowance that a rule which holds would draw on; `left` before this booking."""

    rank: int
    limit: Limit
    key: AllowanceKey
    left: int


class Allowed(NamedTuple):
    """`used_up`: by rank, why a rule is out; `covers`: rules left with fewer guests than the party."""

    drawn: tuple[Drawn, ...] = ()
    used_up: Mapping[int, Reason] = MappingProxyType({})
    covers: tuple[Cover, ...] = ()


def drawn_by(
    schema: CompiledSchema, holding: int, occasion: Occasion
) -> Iterator[tuple[int, Limit, AllowanceKey]]:
    """Every allowance that rules which hold would draw on."""
    for rank in ranks(holding & schema.limited):
        for limit in schema.limits[rank]:
            yield rank, limit, limit.key_for(occasion)


def allowed(schema: CompiledSchema, holding: int, occasion: Occasion, usage: Usage) -> Allowed:
    """What is left for the rules that hold. The first limit that is reached is a rule's reason."""
    drawn = tuple(
        Drawn(rank, limit, key, max(0, limit.maximum - usage.get(key, 0)))
        for rank, limit, key in drawn_by(schema, holding, occasion)
    )
    used_up: dict[int, Reason] = {}
    for each in drawn:
        if each.left < each.limit.least:
            used_up.setdefault(each.rank, each.limit.reason)
    covers = tuple(
        (each.rank, each.left)
        for each in drawn
        if each.limit.in_part and each.left < occasion.party_size and each.rank not in used_up
    )
    return Allowed(drawn, used_up, covers)


def left_after(drawn: Iterable[Drawn], choice: AppliedRules, opened: int) -> tuple[AllowanceLeft, ...]:
    """What remains of each allowance once this visit is booked. `opened`: access rules that are used."""
    guests = {given.rule.rank: given.guests for given in choice.given} | dict.fromkeys(ranks(opened), 1)
    return tuple(
        AllowanceLeft(
            rule=each.limit.rule,
            of=each.limit.kind,
            period=each.key.period,
            left=each.left - _asked(each.limit, guests.get(each.rank, 0)),
        )
        for each in drawn
    )


def _asked(limit: Limit, guests: int) -> int:
    return guests if limit.in_part else min(guests, 1)


class GivenDiscountLike(Protocol):
    """A line of a quote or of a snapshot: so many guests of a booking had the rule; absent: all it covers."""

    @property
    def rule(self) -> str | None: ...
    @property
    def guests(self) -> int | None: ...


def allowance_needs(
    schema: CompiledSchema,
    discounts: Iterable[GivenDiscountLike],
    occasion: Occasion,
    *,
    opened_by: str | None = None,
) -> tuple[AllowanceNeed, ...]:
    """What a booking with these discounts must hold, in the order of rules. Staff discounts need nothing.

    `opened_by`: the promo code, as typed, of a booking for an invite-only event.
    """
    guests: dict[int, int] = {}
    for discount in discounts:
        rank = schema.rank_of.get(discount.rule or "")
        if rank is not None:
            covered = min(schema.rules[rank].covers or occasion.party_size, occasion.party_size)
            guests[rank] = guests.get(rank, 0) + (covered if discount.guests is None else discount.guests)
    opening = schema.code_ranks.get(fold_label(opened_by or ""))
    if opening is not None and schema.access >> opening & 1:
        guests[opening] = 1
    wanted = sum(1 << rank for rank, covered in guests.items() if covered)
    return tuple(
        AllowanceNeed(key, limit.rule, _asked(limit, guests[rank]), limit.maximum, limit.in_part, limit.least)
        for rank, limit, key in drawn_by(schema, wanted, occasion)
    )
