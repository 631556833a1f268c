"""What became of every rule, and of the promo code, in words that staff can act on."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Literal

from cellarhand.domain.discounts.quote import Promo, RuleOutcome
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.schema import Channel

from .applied_rules import AppliedRules
from .benefit_amounts import PricedRule
from .bitmasks import ranks
from .bounded_memo import BoundedMemo
from .facts import BookingContext, GuestFacts
from .matching import Matching

MAX_EXPLAINED = 200
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

type Said = dict[int, RuleOutcome]
"""What is said of rules, by rank."""


class Explanations:
    """Puts outcomes into words; keeps those for each place and guest, which are most of them."""

    def __init__(self, rules: Sequence[PricedRule], matching: Matching) -> None:
        self._rules = rules
        self._matching = matching
        self._refused = BoundedMemo[tuple[int, Reason], RuleOutcome](self._refuse, most=16_384)
        self._of_event = BoundedMemo[BookingContext, Said](
            lambda place: self._said(matching.event[place]), most=512
        )
        self._of_guest = BoundedMemo[tuple[GuestFacts, Channel], Said](self._guest_through, most=1_024)

    @cached_property
    def _in_order(self) -> Said:
        """Every rank, so that what is said later stands in the order of ranks."""
        return {rule.rank: self._refused[rule.rank, Reason.NOTHING_LEFT] for rule in self._rules}

    def outcomes(
        self, place: BookingContext, guest: GuestFacts, late: Said, explain: Literal["near", "all"] | None
    ) -> tuple[RuleOutcome, ...]:
        """Every rule by rank, or the near ones only. `late`: of all rules that fit place and guest."""
        if explain == "near" or (explain is None and len(self._rules) > MAX_EXPLAINED):
            return self._near(place, guest, late)
        said = self._of_guest[guest, place.channel] | self._of_event[place]
        said |= late
        return tuple(said.values())

    def refused(self, reasons: Iterable[tuple[int, Reason]]) -> Said:
        """Rules by rank, and why each was refused."""
        return {each[0]: self._refused[each] for each in reasons}

    def of_choice(self, choice: AppliedRules) -> Said:
        """The rules that were given, and those that hold but were not."""
        if choice.said is None:
            choice.said = self.refused(choice.lost.items()) | {
                each.rule.rank: RuleOutcome(rule=each.rule.id, outcome="applied", amount=each.amount)
                for each in choice.given
            }
        return choice.said

    def misfit(self, rank: int, place: BookingContext, guest: GuestFacts) -> Reason | None:
        """Why a rule is not about this place and this guest, if it is not."""
        return next((reason for reason, lost in self._early(place, guest) if lost >> rank & 1), None)

    def _near(self, place: BookingContext, guest: GuestFacts, late: Said) -> tuple[RuleOutcome, ...]:
        near = dict(late)
        left = self._matching.conditions.every
        for reason, failing in self._early(place, guest):
            if reason not in FAR:
                near.update(self._said(((reason, failing & left),)))
            left &= ~failing
        return tuple(near[rank] for rank in sorted(near))

    def _early(self, place: BookingContext, guest: GuestFacts) -> Iterator[tuple[Reason, int]]:
        yield from self._matching.event[place]
        yield from self._matching.guest.failing[guest]
        yield from self._matching.channel[place.channel]

    def _guest_through(self, key: tuple[GuestFacts, Channel]) -> Said:
        """What is asked first has the last word: the guest before the channel, and both after the event."""
        guest, channel = key
        of_channel = self._said(self._matching.channel[channel])
        return self._in_order | of_channel | self._said(self._matching.guest.failing[guest])

    def _said(self, failed: Iterable[tuple[Reason, int]]) -> Said:
        return self.refused((rank, reason) for reason, lost in failed for rank in ranks(lost))

    def _refuse(self, key: tuple[int, Reason]) -> RuleOutcome:
        rank, reason = key
        return RuleOutcome(rule=self._rules[rank].id, outcome="refused", reason=reason)


NO_CODE = Promo()


@lru_cache(maxsize=512)
def promo_outcome(typed: str, reason: Reason | None) -> Promo:
    """What became of the code that the guest wrote. `reason`: why its rule was refused."""
    if reason is None:
        return Promo(code=typed, status="accepted")
    return Promo(
        code=typed,
        status="refused",
        reason=Reason.CODE_OUTSIDE_DATES if reason in _OUTSIDE_DATES else reason,
    )
