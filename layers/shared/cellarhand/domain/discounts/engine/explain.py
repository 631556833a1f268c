"""The outcome of every rule and of the promo code, with reasons that staff can act on."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Literal

from cellarhand.domain.bounded_memo import BoundedMemo
from cellarhand.domain.discounts.quote import Promo, RuleOutcome
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.schema import Channel

from .applied_rules import AppliedRules
from .benefit_amounts import PricedRule
from .bitmasks import ranks
from .facts import BookingContext, GuestFacts
from .matching import Matching

MAX_EXPLAINED = 200
"""With more rules than this, only the near ones are explained unless the request asks for all."""

FAR = frozenset(
    {
        Reason.RULE_INACTIVE,
        Reason.CODE_NOT_GIVEN,
        Reason.WRONG_EVENT,
        Reason.NOT_MEMBER,
        Reason.WRONG_CONTACT_TYPE,
    }
)
"""Reasons of rules that are not for this event, guest or code at all. All other rules are near."""

_OUTSIDE_DATES = {Reason.DATES, Reason.BLACKOUT}

type Outcomes = dict[int, RuleOutcome]
"""Outcomes of rules, by rank."""


class Explanations:
    """Builds the outcomes of a quote. Caches those that depend on place and guest alone, which are most."""

    def __init__(self, rules: Sequence[PricedRule], matching: Matching) -> None:
        self._rules = rules
        self._matching = matching
        self._refused = BoundedMemo[tuple[int, Reason], RuleOutcome](self._refuse, max_size=16_384)
        self._of_event = BoundedMemo[BookingContext, Outcomes](
            lambda place: self._refusals(matching.event[place]), max_size=512
        )
        self._of_guest = BoundedMemo[tuple[GuestFacts, Channel], Outcomes](
            self._guest_through, max_size=1_024
        )

    @cached_property
    def _in_order(self) -> Outcomes:
        """An entry for every rank, so that dictionaries merged into it stay in the order of ranks."""
        return {rule.rank: self._refused[rule.rank, Reason.NOTHING_LEFT] for rule in self._rules}

    def outcomes(
        self, place: BookingContext, guest: GuestFacts, late: Outcomes, explain: Literal["near", "all"] | None
    ) -> tuple[RuleOutcome, ...]:
        """All rules by rank, or the near ones only. `late`: outcomes of rules that fit place and guest."""
        if explain == "near" or (explain is None and len(self._rules) > MAX_EXPLAINED):
            return self._near(place, guest, late)
        outcomes = self._of_guest[guest, place.channel] | self._of_event[place]
        outcomes |= late
        return tuple(outcomes.values())

    def refused(self, reasons: Iterable[tuple[int, Reason]]) -> Outcomes:
        """The outcomes of refused rules, from pairs of rank and reason."""
        return {refusal[0]: self._refused[refusal] for refusal in reasons}

    def of_choice(self, choice: AppliedRules) -> Outcomes:
        """The outcomes of the rules that hold: those applied, and those refused by policy."""
        if choice.outcomes is None:
            choice.outcomes = self.refused(choice.refused.items()) | {
                given.rule.rank: RuleOutcome(rule=given.rule.id, outcome="applied", amount=given.amount)
                for given in choice.applied
            }
        return choice.outcomes

    def misfit(self, rank: int, place: BookingContext, guest: GuestFacts) -> Reason | None:
        """Why a rule doesn't fit this place or this guest; None if it fits."""
        return next((reason for reason, lost in self._early(place, guest) if lost >> rank & 1), None)

    def _near(self, place: BookingContext, guest: GuestFacts, late: Outcomes) -> tuple[RuleOutcome, ...]:
        near = dict(late)
        left = self._matching.conditions.every
        for reason, failing in self._early(place, guest):
            if reason not in FAR:
                near.update(self._refusals(((reason, failing & left),)))
            left &= ~failing
        return tuple(near[rank] for rank in sorted(near))

    def _early(self, place: BookingContext, guest: GuestFacts) -> Iterator[tuple[Reason, int]]:
        yield from self._matching.event[place]
        yield from self._matching.guest.failing[guest]
        yield from self._matching.channel[place.channel]

    def _guest_through(self, key: tuple[GuestFacts, Channel]) -> Outcomes:
        """The channel is merged first, then the guest; `outcomes` merges the event last. The last one wins:
        conditions are checked in the order event, guest, channel, and the first that fails is the reason.
        """
        guest, channel = key
        of_channel = self._refusals(self._matching.channel[channel])
        return self._in_order | of_channel | self._refusals(self._matching.guest.failing[guest])

    def _refusals(self, failed: Iterable[tuple[Reason, int]]) -> Outcomes:
        return self.refused((rank, reason) for reason, lost in failed for rank in ranks(lost))

    def _refuse(self, key: tuple[int, Reason]) -> RuleOutcome:
        rank, reason = key
        return RuleOutcome(rule=self._rules[rank].id, outcome="refused", reason=reason)


NO_CODE = Promo()


@lru_cache(maxsize=512)
def promo_outcome(typed: str, reason: Reason | None) -> Promo:
    """The outcome of the promo code as typed. `reason`: why its rule was refused."""
    if reason is None:
        return Promo(code=typed, status="accepted")
    return Promo(
        code=typed,
        status="refused",
        reason=Reason.CODE_OUTSIDE_DATES if reason in _OUTSIDE_DATES else reason,
    )
