"""Which rules hold wherever another rule holds, found in the index of conditions."""

from collections.abc import Callable, Iterable

from cellarhand.domain.discounts.engine.bitmasks import union
from cellarhand.domain.discounts.engine.condition_index import Conditions, ValidDates, channels_of, ids_of
from cellarhand.domain.discounts.schema.labels import Meanings, fold_label
from cellarhand.domain.discounts.schema.local_dates import WEEKDAYS
from cellarhand.domain.discounts.schema.schema import ALL, Rule, Valid

NEVER_BEFORE, NEVER_AFTER = "", "~"
"""Sort before and after every hour and date."""
UNBOUNDED = 10**6


def wider_rules(c: Conditions, rule: Rule, meanings: Meanings) -> int:
    """The rules that accept everything that a rule accepts, including itself."""
    return _who(c, rule, meanings) & _what(c, rule, meanings) & _when(c, rule) & _sizes(c, rule)


def _who(c: Conditions, rule: Rule, meanings: Meanings) -> int:
    who = rule.who
    barred = set(ids_of(who.contact_types_none, meanings.contact_types))
    more_barred = union(c.barred_types, (kind for kind in c.barred_types if kind not in barred))
    clubs = (
        c.any_club | c.no_club
        if who.clubs_any == ALL
        else _rules_naming_each(
            ids_of(who.clubs_any, meanings.clubs), c.clubs.get, c.any_club | c.no_club, c.no_club
        )
    )
    kinds = ids_of(who.contact_types_any, meanings.contact_types)
    return clubs & _rules_naming_each(kinds, c.types.get, c.no_type, c.no_type) & ~more_barred


def _what(c: Conditions, rule: Rule, meanings: Meanings) -> int:
    events = _rules_naming_each(
        ids_of(rule.what.events, meanings.events), c.events.get, c.any_event, c.any_event
    )
    tags = [fold_label(tag) for tag in rule.what.event_tags]
    return events & _rules_naming_each(tags, c.tags.get, c.no_tag, c.no_tag)


def _when(c: Conditions, rule: Rule) -> int:
    when = rule.when
    hours = c.start_from.holding(when.start_times.from_ or NEVER_BEFORE) & c.start_to.holding(
        when.start_times.to or NEVER_AFTER
    )
    accepting = hours & _dates(c, when.valid)
    for weekday in when.weekdays or WEEKDAYS:
        accepting &= c.on(weekday)
    for channel in channels_of(rule):
        accepting &= c.through(channel)
    return accepting


def _dates(c: Conditions, valid: Valid) -> int:
    def within(dates: ValidDates, by: str) -> int:
        return dates.throughout(valid if valid.by == by else Valid())

    return within(c.valid_event, "event_date") & within(c.valid_booked, "booked_date")


def _sizes(c: Conditions, rule: Rule) -> int:
    when = rule.when
    least = max(when.party_size_min or 1, rule.guests_covered_min or 1)
    earliest = -UNBOUNDED if when.booked_days_ahead_min is None else when.booked_days_ahead_min
    latest = UNBOUNDED if when.booked_days_ahead_max is None else when.booked_days_ahead_max
    parties = c.party_min.holding(least) & c.party_max.holding(when.party_size_max or UNBOUNDED)
    ahead = c.ahead_min.holding(earliest) & c.ahead_max.holding(latest)
    return parties & c.covered_min.holding(least) & ahead


def _rules_naming_each[V](
    values: Iterable[V], naming: Callable[[V, int], int], besides: int, if_none: int
) -> int:
    """The rules that name each of the values, or are among `besides`; without values: `if_none`."""
    accepting = None
    for value in values:
        accepting = (naming(value, 0) | besides) & (-1 if accepting is None else accepting)
    return if_none if accepting is None else accepting
