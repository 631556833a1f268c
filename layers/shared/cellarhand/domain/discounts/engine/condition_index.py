"""The index of a schema: for each condition, which rules accept which value."""

from collections.abc import Callable, Sequence

from cellarhand.domain.discounts.schema.labels import Meanings, fold_label
from cellarhand.domain.discounts.schema.local_dates import Weekday, first_moment, last_moment
from cellarhand.domain.discounts.schema.schema import (
    ALL,
    CONSUMER_CHANNELS,
    EVERY_CHANNEL,
    Channel,
    Rule,
    Valid,
)

from .bitmasks import LowerBounds, UpperBounds, all_of, grouped, mask_of


class Conditions:
    """Sets of rules by condition. `no_...`: rules without the condition; `any_...`: rules for any value."""

    def __init__(self, ranked: Sequence[Rule], meanings: Meanings) -> None:
        self._rules = [(rule, rank) for rank, rule in enumerate(ranked)]
        self.every = (1 << len(ranked)) - 1
        self.inactive = self._where(lambda rule: not rule.active)
        self.coded = self._where(lambda rule: rule.code is not None)
        self.by_code = self._by(lambda rule: (fold_label(rule.code),) if rule.code else ())
        self._index_who(meanings)
        self._index_what(meanings)
        self._index_when()
        self.valid_event = ValidDates(self._rules, "event_date", self.every)
        self.valid_booked = ValidDates(self._rules, "booked_date", self.every)
        self.to_the_minute = self.valid_event.to_the_minute or self.valid_booked.to_the_minute
        self.covered_min = self._at_least(lambda rule: rule.guests_covered_min)

    def _index_who(self, meanings: Meanings) -> None:
        clubs, types = meanings.clubs, meanings.contact_types
        self.any_club = self._where(lambda rule: rule.who.clubs_any == ALL)
        self.no_club = self._where(lambda rule: not rule.who.clubs_any)
        self.clubs = self._by(lambda rule: ids_of(rule.who.clubs_any, clubs))
        self.no_type = self._where(lambda rule: not rule.who.contact_types_any)
        self.types = self._by(lambda rule: ids_of(rule.who.contact_types_any, types))
        self.barred_types = self._by(lambda rule: ids_of(rule.who.contact_types_none, types))
        self.for_members = self.every & ~(self.no_club & self.no_type)
        self.needs_guest = self.for_members | all_of(self.barred_types.values())

    def _index_what(self, meanings: Meanings) -> None:
        self.any_event = self._where(lambda rule: rule.what.events == ALL)
        self.events = self._by(lambda rule: ids_of(rule.what.events, meanings.events))
        self.no_tag = self._where(lambda rule: not rule.what.event_tags)
        self.tags = self._by(lambda rule: tuple(fold_label(tag) for tag in rule.what.event_tags))

    def _index_when(self) -> None:
        self.channels = self._by(lambda rule: rule.when.channels or ())
        self.no_channel = self._where(lambda rule: not rule.when.channels)
        self.any_weekday = self._where(lambda rule: not rule.when.weekdays)
        self.weekdays = self._by(lambda rule: rule.when.weekdays or ())
        self.start_from = self._at_least(lambda rule: rule.when.start_times.from_)
        self.start_to = self._at_most(lambda rule: rule.when.start_times.to)
        self.party_min = self._at_least(lambda rule: rule.when.party_size_min)
        self.party_max = self._at_most(lambda rule: rule.when.party_size_max)
        self.ahead_min = self._at_least(lambda rule: rule.when.booked_days_ahead_min)
        self.ahead_max = self._at_most(lambda rule: rule.when.booked_days_ahead_max)

    def through(self, channel: Channel) -> int:
        """The rules for a channel: those that name it, and those that apply to it by naming none."""
        unnamed = self.no_channel if channel in CONSUMER_CHANNELS else self.no_channel & self.coded
        return self.channels.get(channel, 0) | unnamed

    def on(self, weekday: Weekday) -> int:
        """The rules for a weekday."""
        return self.weekdays.get(weekday, 0) | self.any_weekday

    def _where(self, holds: Callable[[Rule], bool]) -> int:
        return mask_of(rank for rule, rank in self._rules if holds(rule))

    def _by[V](self, values: Callable[[Rule], tuple[V, ...]]) -> dict[V, int]:
        return grouped((value, rank) for rule, rank in self._rules for value in values(rule))

    def _at_least[V: (int, str)](self, bound: Callable[[Rule], V | None]) -> LowerBounds[V]:
        return LowerBounds(_bounded(self._rules, bound), self.every)

    def _at_most[V: (int, str)](self, bound: Callable[[Rule], V | None]) -> UpperBounds[V]:
        return UpperBounds(_bounded(self._rules, bound), self.every)


class ValidDates:
    """The `valid` conditions of rules that go by one date: visit or booking. Other rules accept any date.

    `asked`: whether any rule has such a condition. `to_the_minute`: whether some bound is a minute, so that
    the day alone is not enough.
    """

    def __init__(self, rules: Sequence[tuple[Rule, int]], by: str, every: int) -> None:
        dated = [(rule, rank) for rule, rank in rules if rule.when.valid.by == by]
        begins = _bounded(dated, lambda rule: rule.when.valid.from_)
        ends = _bounded(dated, lambda rule: rule.when.valid.to)
        self._from = LowerBounds([(first_moment(bound), rank) for bound, rank in begins], every)
        self._to = UpperBounds([(last_moment(bound), rank) for bound, rank in ends], every)
        self._blackout = grouped((day, rank) for rule, rank in dated for day in rule.when.valid.blackout)
        self.asked = bool(begins or ends or self._blackout)
        self.to_the_minute = any("T" in bound for bound, _ in begins + ends)

    def holding(self, moment: str) -> int:
        """The rules whose dates include a moment; a day is enough where all bounds are days."""
        if "T" not in moment:
            moment = f"{moment}T12:00"
        return self._from.holding(moment) & self._to.holding(moment)

    def throughout(self, valid: Valid) -> int:
        """The rules whose dates include every date that `valid` includes."""
        more = all_of(self._blackout[day] for day in self._blackout if day not in valid.blackout)
        begins = self._from.holding(first_moment(valid.from_) if valid.from_ else "")
        return begins & self._to.holding(last_moment(valid.to) if valid.to else "~") & ~more

    def blacked_out(self, moment: str) -> int:
        """The rules that black out the day of this moment."""
        return self._blackout.get(moment[:10], 0)


def _bounded[B: (int, str)](
    rules: Sequence[tuple[Rule, int]], bound: Callable[[Rule], B | None]
) -> list[tuple[B, int]]:
    return [(value, rank) for rule, rank in rules if (value := bound(rule)) is not None]


def ids_of(labels: tuple[str, ...], meanings: dict[str, str]) -> tuple[str, ...]:
    """The ids of labels; empty for the word `all`."""
    return () if labels == ALL else tuple(meanings.get(label, label) for label in labels)


def channels_of(rule: Rule) -> tuple[Channel, ...]:
    """The channels of a rule: those it names, else the default ones."""
    return rule.when.channels or (EVERY_CHANNEL if rule.code else CONSUMER_CHANNELS)
