"""Usage limits of rules: which allowance a visit draws on, and for which period.

The engine stores no counts. Its caller passes what is already used as `Usage`, without the uses of a
reservation that is being priced again.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.allowance import AllowanceKey, AllowanceKind
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.labels import Meanings, fold_label
from cellarhand.domain.discounts.schema.schema import ALL, LimitPerMember, Rule

type Cover = tuple[int, int]
"""A rule's rank, and how many guests its member's allowance still covers."""


type Usage = Mapping[AllowanceKey, int]
"""How much earlier bookings use of each allowance: uses or guests, as the limit counts. Absent: nothing."""

NOTHING_USED: Usage = {}


class Occasion(NamedTuple):
    """The facts that select an allowance's period. Moments are the winery's local `YYYY-MM-DDTHH:MM`."""

    starts_at: str
    booked_at: str
    party_size: int
    customer: Customer | None = None


class Limit(NamedTuple):
    """One allowance that a rule draws on. `least`: with fewer left than this, the rule is refused.

    `in_part`: counted in guests, so it may cover part of a party. `by_visit`: the date of the visit selects
    the period, else that of the booking. `clubs`: ids, for the membership year.
    """

    rule: str
    kind: AllowanceKind
    subject: str
    maximum: int
    reason: Reason
    in_part: bool = False
    least: int = 1
    period: str = "ever"
    by_visit: bool = True
    clubs: tuple[str, ...] = ALL

    def key_for(self, occasion: Occasion) -> AllowanceKey:
        """The allowance that a visit draws on."""
        moment = occasion.starts_at if self.by_visit else occasion.booked_at
        return AllowanceKey(self.kind, self.subject, self._period(moment, occasion.customer))

    def _period(self, moment: str, customer: Customer | None) -> str:
        match self.period:
            case "day":
                return f"day:{moment[:10]}"
            case "calendar_month":
                return f"calendar_month:{moment[:7]}"
            case "membership_year" if anniversary := _anniversary(customer, self.clubs):
                year = int(moment[:4]) - (moment[5:10] < anniversary)
                return f"membership_year:{year:04}-{anniversary}"
            case "calendar_year" | "membership_year":
                return f"calendar_year:{moment[:4]}"
            case _:
                return "ever"


def _anniversary(customer: Customer | None, clubs: tuple[str, ...]) -> str | None:
    """`MM-DD` of the day on which the guest first joined one of these clubs; None if it is not known."""
    held = customer.memberships if customer else ()
    days = [
        membership.joined_on
        for membership in held
        if membership.joined_on and (clubs == ALL or membership.club_id in clubs)
    ]
    return min(days).isoformat()[5:] if days else None


def limits_of(ranked: Sequence[Rule], meanings: Meanings) -> dict[int, tuple[Limit, ...]]:
    """The limits of rules by rank, in the order in which they are checked."""
    found = {rank: tuple(_limits(rule, meanings)) for rank, rule in enumerate(ranked)}
    return {rank: limits for rank, limits in found.items() if limits}


def _limits(rule: Rule, meanings: Meanings) -> Iterator[Limit]:
    code = fold_label(rule.code or "")
    if rule.code_limit_total:
        yield Limit(rule.id, "code", code, rule.code_limit_total, Reason.CODE_USED_UP)
    if rule.code_limit_per_guest:
        reason = Reason.CODE_ALREADY_USED_BY_GUEST
        yield Limit(rule.id, "code_and_guest", code, rule.code_limit_per_guest, reason)
    if rule.limit_per_member:
        yield _per_member(rule, rule.limit_per_member, meanings)


def _per_member(rule: Rule, limit: LimitPerMember, meanings: Meanings) -> Limit:
    in_part = limit.counts == "guests"
    return Limit(
        rule=rule.id,
        kind="member",
        subject=rule.id,
        maximum=limit.maximum,
        reason=Reason.MEMBER_LIMIT_REACHED,
        in_part=in_part,
        least=(rule.guests_covered_min or 1) if in_part else 1,
        period=limit.period,
        by_visit=limit.counted_on == "event_date",
        clubs=tuple(meanings.clubs.get(label, label) for label in rule.who.clubs_any) or ALL,
    )
