"""How allowances limit a price, and which allowances a booking needs."""

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


class AllowanceDraw(NamedTuple):
    """One allowance that a matching rule would draw on. `left`: what is left before this booking."""

    rank: int
    limit: Limit
    key: AllowanceKey
    left: int


class RemainingUsage(NamedTuple):
    """`used_up`: by rank, why a rule is refused. `covers`: rules left with fewer guests than the party."""

    drawn: tuple[AllowanceDraw, ...] = ()
    used_up: Mapping[int, Reason] = MappingProxyType({})
    covers: tuple[Cover, ...] = ()


def drawn_allowances(
    schema: CompiledSchema, holding: int, occasion: Occasion
) -> Iterator[tuple[int, Limit, AllowanceKey]]:
    """Every allowance that the rules in `holding` would draw on."""
    for rank in ranks(holding & schema.limited):
        for limit in schema.limits[rank]:
            yield rank, limit, limit.key_for(occasion)


def remaining_usage(schema: CompiledSchema, holding: int, occasion: Occasion, usage: Usage) -> RemainingUsage:
    """What is left for the rules that hold. The first limit that is reached becomes the rule's reason."""
    drawn = tuple(
        AllowanceDraw(rank, limit, key, max(0, limit.maximum - usage.get(key, 0)))
        for rank, limit, key in drawn_allowances(schema, holding, occasion)
    )
    used_up: dict[int, Reason] = {}
    for draw in drawn:
        if draw.left < draw.limit.least:
            used_up.setdefault(draw.rank, draw.limit.reason)
    covers = tuple(
        (draw.rank, draw.left)
        for draw in drawn
        if draw.limit.in_part and draw.left < occasion.party_size and draw.rank not in used_up
    )
    return RemainingUsage(drawn, used_up, covers)


def left_after(
    drawn: Iterable[AllowanceDraw], choice: AppliedRules, opened: int
) -> tuple[AllowanceLeft, ...]:
    """What remains of each allowance once this visit is booked. `opened`: the access rules used."""
    guests = {applied.rule.rank: applied.guests for applied in choice.applied} | dict.fromkeys(
        ranks(opened), 1
    )
    return tuple(
        AllowanceLeft(
            rule=draw.limit.rule,
            of=draw.limit.kind,
            period=draw.key.period,
            left=draw.left - _amount_needed(draw.limit, guests.get(draw.rank, 0)),
        )
        for draw in drawn
    )


def _amount_needed(limit: Limit, guests: int) -> int:
    return guests if limit.in_part else min(guests, 1)


class BookedDiscount(Protocol):
    """A discount line of a quote or snapshot. `guests`: how many had the rule; None: all that it covers."""

    @property
    def rule(self) -> str | None: ...
    @property
    def guests(self) -> int | None: ...


def allowance_needs(
    schema: CompiledSchema,
    discounts: Iterable[BookedDiscount],
    occasion: Occasion,
    *,
    opened_by: str | None = None,
) -> tuple[AllowanceNeed, ...]:
    """The allowances that a booking with these discounts must hold, by rank. Staff discounts need none.

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
        AllowanceNeed(
            key, limit.rule, _amount_needed(limit, guests[rank]), limit.maximum, limit.in_part, limit.least
        )
        for rank, limit, key in drawn_allowances(schema, wanted, occasion)
    )
