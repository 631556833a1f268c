"""Which rules hold for a visit and a guest, and for every other rule the first condition that fails."""

from collections.abc import Callable, Hashable, Iterable, Iterator

from cellarhand.domain.bounded_memo import BoundedMemo
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.local_dates import weekday_of
from cellarhand.domain.discounts.schema.schema import Channel

from .bitmasks import all_of, ranks, union
from .condition_index import Conditions
from .facts import BookingContext, GuestFacts, VisitFacts

type Answers = Iterator[tuple[Reason, int]]
"""Conditions in the order of checking: the reason if one fails, and the rules that accept the value."""

type Failures = tuple[tuple[Reason, int], ...]
"""For each reason, the rules for which it is the first condition that fails."""


type Refusal = tuple[int, Reason]
"""A rule's rank, and why it is refused."""

MAX_VALUES = 4_096


class Question[V: Hashable]:
    """One aspect that rules have conditions on, with a cache of the values seen so far.

    `accepting[value]`: the rules that accept a value, once learned. `failing[value]`: why others refuse it.
    """

    __slots__ = ("_every", "accepting", "failing")

    def __init__(self, every: int, answers: Callable[[V], Answers]) -> None:
        self._every = every
        self.accepting: dict[V, int] = {}
        self.failing = BoundedMemo[V, Failures](
            lambda value: _failures(every, answers(value)), max_size=MAX_VALUES
        )

    def learn(self, value: V) -> int:
        """The rules that accept a value, which may be new."""
        accepting = self.accepting.get(value)
        if accepting is None:
            if len(self.accepting) >= MAX_VALUES:
                self.accepting.clear()
            accepting = self._every & ~all_of(lost for _, lost in self.failing[value])
            self.accepting[value] = accepting
        return accepting

    def note(self, value: V, lost: int, refusals: list[Refusal]) -> int:
        """Append the refusals of the rules among `lost` that fail here. Returns the other rules."""
        for reason, failing in self.failing[value]:
            if found := lost & failing:
                lost ^= found
                for rank in ranks(found):
                    refusals.append((rank, reason))
        return lost


class Matching:
    """Matches all rules of a schema, question by question. `place`: event, code and channel at once."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = c = conditions
        self.place = Question[BookingContext](c.every, lambda place: _of_place(c, place))
        self.guest = Question[GuestFacts](c.every, lambda guest: _of_guest(c, guest))
        self.booked = Question[str](c.every, lambda moment: _of_booking(c, moment))
        self.day = Question[str](c.every, lambda moment: _of_day(c, moment))
        self.hour = Question[str](c.every, lambda hour: _of_hour(c, hour))
        self.days_ahead = Question[int](c.every, lambda days: _of_days_ahead(c, days))
        self.party_size = Question[int](c.every, lambda size: _of_party(c, size))
        self.event = BoundedMemo[BookingContext, Failures](
            lambda place: _failures(c.every, _of_event_and_code(c, place))
        )
        self.channel = BoundedMemo[Channel, Failures](
            lambda channel: _failures(c.every, _of_channel(c, channel))
        )

    def fitting(self, place: BookingContext, guest: GuestFacts) -> int:
        """The rules that fit this place and this guest, whatever the date and the party size."""
        try:
            return self.place.accepting[place] & self.guest.accepting[guest]
        except KeyError:
            return self.place.learn(place) & self.guest.learn(guest)

    def learn(self, visit: VisitFacts, guest: GuestFacts) -> None:
        """Fill every question's `accepting` for a visit and a guest."""
        self.fitting(visit.place, guest)
        self.day.learn(visit.day)
        self.hour.learn(visit.hour)
        self.booked.learn(visit.booked_day)
        self.days_ahead.learn(visit.days_ahead)
        self.party_size.learn(visit.party_size)

    def failed(self, visit: VisitFacts, lost: int) -> list[Refusal]:
        """Why rules that fit place and guest don't hold."""
        refusals: list[Refusal] = []
        lost = self.booked.note(visit.booked_day, lost, refusals)
        if lost := self.day.note(visit.day, lost, refusals):
            lost = self.hour.note(visit.hour, lost, refusals)
            lost = self.days_ahead.note(visit.days_ahead, lost, refusals)
            self.party_size.note(visit.party_size, lost, refusals)
        return refusals


def _failures(asked: int, answers: Iterable[tuple[Reason, int]]) -> Failures:
    failed = []
    for reason, accepting in answers:
        if lost := asked & ~accepting:
            failed.append((reason, lost))
            asked ^= lost
    return tuple(failed)


def _of_place(c: Conditions, place: BookingContext) -> Answers:
    yield from _of_event_and_code(c, place)
    yield from _of_channel(c, place.channel)


def _of_event_and_code(c: Conditions, place: BookingContext) -> Answers:
    yield Reason.RULE_INACTIVE, ~c.inactive
    yield Reason.CODE_NOT_GIVEN, ~c.coded | c.by_code.get(place.code or "", 0)
    yield Reason.WRONG_EVENT, c.any_event | c.events.get(place.event_id, 0)
    yield Reason.WRONG_EVENT, c.no_tag | union(c.tags, place.tags)


def _of_guest(c: Conditions, guest: GuestFacts) -> Answers:
    if guest.unknown == "login_missing":
        yield Reason.LOGIN_REQUIRED, ~c.for_members
    elif guest.unknown == "crm_unavailable":
        yield Reason.CRM_LOOKUP_UNAVAILABLE, ~c.needs_guest
    yield Reason.NOT_MEMBER, c.no_club | _of_clubs(c, guest.clubs)
    yield Reason.MEMBERSHIP_NOT_ACTIVE, c.no_club | _of_clubs(c, guest.benefits)
    yield Reason.WRONG_CONTACT_TYPE, c.no_type | union(c.types, guest.contact_types)
    yield Reason.WRONG_CONTACT_TYPE, ~union(c.barred_types, guest.contact_types)


def _of_clubs(c: Conditions, clubs: tuple[str, ...]) -> int:
    return union(c.clubs, clubs) | (c.any_club if clubs else 0)


def _of_channel(c: Conditions, channel: Channel) -> Answers:
    yield Reason.CHANNEL, c.through(channel)


def _of_booking(c: Conditions, moment: str) -> Answers:
    yield Reason.DATES, c.valid_booked.holding(moment)
    yield Reason.BLACKOUT, ~c.valid_booked.blacked_out(moment)


def _of_day(c: Conditions, moment: str) -> Answers:
    yield Reason.DATES, c.valid_event.holding(moment)
    yield Reason.BLACKOUT, ~c.valid_event.blacked_out(moment)
    yield Reason.WEEKDAY, c.on(weekday_of(moment))


def _of_hour(c: Conditions, hour: str) -> Answers:
    yield Reason.START_TIME, c.start_from.holding(hour) & c.start_to.holding(hour)


def _of_days_ahead(c: Conditions, days: int) -> Answers:
    yield Reason.BOOKED_TOO_LATE, c.ahead_min.holding(days)
    yield Reason.BOOKED_TOO_EARLY, c.ahead_max.holding(days)


def _of_party(c: Conditions, size: int) -> Answers:
    yield Reason.PARTY_TOO_SMALL, c.party_min.holding(size)
    yield Reason.PARTY_TOO_LARGE, c.party_max.holding(size)
    yield Reason.GUESTS_BELOW_MINIMUM, c.covered_min.holding(size)
