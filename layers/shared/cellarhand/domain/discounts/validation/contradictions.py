"""Contradictions within a single rule: it could never apply, or a field has no meaning there."""

from collections.abc import Iterator
from datetime import date, timedelta

from cellarhand.domain.discounts.engine.benefit_amounts import millionths
from cellarhand.domain.discounts.schema.benefits import AccessOnly, FreeGuests, PercentOff
from cellarhand.domain.discounts.schema.local_dates import WEEKDAYS, first_moment, last_moment
from cellarhand.domain.discounts.schema.schema import Rule

_OF_MONEY = ("guests_covered_min", "guests_covered_max", "discount_max", "limit_per_member")

type Findings = Iterator[tuple[str, str]]
"""Pairs of a JSON pointer into the rule and what is wrong there."""


def contradictions(rule: Rule) -> Findings:
    """All contradictions of a rule."""
    yield from _limits(rule)
    yield from _times(rule)
    yield from _benefit(rule)
    yield from _limit_per_member(rule)
    yield from _code_limits(rule)


def _limits(rule: Rule) -> Findings:
    when = rule.when
    ordered = [
        ("/when/party_size_max", when.party_size_min, when.party_size_max),
        ("/when/booked_days_ahead_max", when.booked_days_ahead_min, when.booked_days_ahead_max),
        ("/guests_covered_max", rule.guests_covered_min, rule.guests_covered_max),
    ]
    for pointer, minimum, maximum in ordered:
        if minimum is not None and maximum is not None and maximum < minimum:
            yield pointer, f"can never apply: at most {maximum}, but at least {minimum}"
    covered, party = rule.guests_covered_min, when.party_size_max
    if covered is not None and party is not None and party < covered:
        yield "/guests_covered_min", f"can never apply: parties have at most {party} guests"


def _times(rule: Rule) -> Findings:
    start, valid = rule.when.start_times, rule.when.valid
    if start.from_ and start.to and start.to < start.from_:
        yield "/when/start_times/to", "is before `from`"
    if valid.from_ and valid.to:
        if last_moment(valid.to) < first_moment(valid.from_):
            yield "/when/valid/to", "is before `from`"
        elif not _some_day_is_left(rule, valid.from_, valid.to):
            yield "/when/valid", "can never apply: no day is left between `from` and `to`"


def _some_day_is_left(rule: Rule, first: str, last: str) -> bool:
    """Tries the first days only: blackouts and weekdays together can't exclude more days in a row."""
    by_visit = rule.when.valid.by == "event_date"
    weekdays = rule.when.weekdays if rule.when.weekdays and by_visit else WEEKDAYS
    blackout = set(rule.when.valid.blackout)
    day, end = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    days = min((end - day).days + 1, 7 * (len(blackout) + 1))
    tried = (day + timedelta(days=ahead) for ahead in range(days))
    return any(WEEKDAYS[d.weekday()] in weekdays and d.isoformat() not in blackout for d in tried)


def _benefit(rule: Rule) -> Findings:
    match rule.benefit:
        case PercentOff(percent=percent) if millionths(percent) == 0:
            yield "/benefit/percent", "can never apply: 0 percent takes nothing off"
        case FreeGuests(guests=guests) if rule.guests_covered_max and guests > rule.guests_covered_max:
            yield "/benefit/guests", f"more than the {rule.guests_covered_max} guests that the rule covers"
        case AccessOnly():
            for field in _OF_MONEY:
                if getattr(rule, field) is not None:
                    yield f"/{field}", "has no meaning on a rule that only gives access"
        case _:
            return


def _limit_per_member(rule: Rule) -> Findings:
    limit = rule.limit_per_member
    if limit is None:
        return
    least = rule.guests_covered_min or 1
    if limit.counts == "guests" and limit.maximum < least:
        yield "/limit_per_member/maximum", f"can never apply: the rule covers at least {least} guests"
    if limit.period == "membership_year" and not rule.who.clubs_any:
        yield (
            "/limit_per_member/period",
            "a membership year needs clubs: name them in `who.clubs_any`, or `all`",
        )


def _code_limits(rule: Rule) -> Findings:
    total, per_guest = rule.code_limit_total, rule.code_limit_per_guest
    for field, limit in (("code_limit_total", total), ("code_limit_per_guest", per_guest)):
        if limit is not None and rule.code is None:
            yield f"/{field}", "has no meaning on a rule without a `code`"
    if rule.code is not None and total is not None and per_guest is not None and per_guest > total:
        yield "/code_limit_per_guest", f"more than the {total} uses of all guests together"
