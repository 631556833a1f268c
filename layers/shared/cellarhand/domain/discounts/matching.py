"""Which rules hold for a visit and a guest, and of each other rule the first condition that fails."""

from collections.abc import Iterator
from typing import NamedTuple

from .conditions import Conditions
from .facts import Recognition, Standing, Visit
from .masks import union
from .reasons import Reason


class Matched(NamedTuple):
    """`holding`: rules all of whose conditions hold. `failed`: the others by reason, in order of asking."""

    holding: int
    failed: tuple[tuple[Reason, int], ...]


def match(conditions: Conditions, visit: Visit, recognition: Recognition, standing: Standing) -> Matched:
    """Ask every rule every condition, in one fixed order, until the first that fails."""
    holding = conditions.every
    failed = []
    for reason, content in _answers(conditions, visit, recognition, standing):
        if lost := holding & ~content:
            failed.append((reason, lost))
            holding ^= lost
    return Matched(holding, tuple(failed))


type Answers = Iterator[tuple[Reason, int]]


def _answers(c: Conditions, visit: Visit, recognition: Recognition, standing: Standing) -> Answers:
    yield Reason.RULE_INACTIVE, ~c.inactive
    yield Reason.CODE_NOT_GIVEN, ~c.coded | c.by_code.get(visit.code or "", 0)
    yield Reason.WRONG_EVENT, c.any_event | c.events.get(visit.event_id, 0)
    yield Reason.WRONG_EVENT, c.no_tag | union(c.tags, visit.tags)
    yield from _who(c, recognition, standing)
    yield from _when(c, visit)
    yield Reason.GUESTS_BELOW_MINIMUM, c.covered_min.holding(visit.party_size)


def _who(c: Conditions, recognition: Recognition, standing: Standing) -> Answers:
    if recognition.login_missing:
        yield Reason.LOGIN_REQUIRED, ~c.for_members
    elif recognition.crm_unavailable:
        yield Reason.CRM_LOOKUP_UNAVAILABLE, ~c.needs_guest
    yield Reason.NOT_MEMBER, c.no_club | _of_clubs(c, standing.clubs)
    yield Reason.MEMBERSHIP_NOT_ACTIVE, c.no_club | _of_clubs(c, standing.benefits)
    yield Reason.WRONG_CONTACT_TYPE, c.no_type | union(c.types, standing.contact_types)
    yield Reason.WRONG_CONTACT_TYPE, ~union(c.barred_types, standing.contact_types)


def _of_clubs(c: Conditions, clubs: tuple[str, ...]) -> int:
    return union(c.clubs, clubs) | (c.any_club if clubs else 0)


def _when(c: Conditions, visit: Visit) -> Answers:
    yield Reason.CHANNEL, c.channels.get(visit.channel, 0)
    yield Reason.DATES, c.valid_event.holding(visit.starts_at) & c.valid_booked.holding(visit.booked_at)
    yield Reason.BLACKOUT, ~c.valid_event.blacked_out(visit.starts_at)
    yield Reason.BLACKOUT, ~c.valid_booked.blacked_out(visit.booked_at)
    yield Reason.WEEKDAY, c.weekdays.get(visit.weekday, 0)
    time = visit.starts_at[11:]
    yield Reason.START_TIME, c.start_from.holding(time) & c.start_to.holding(time)
    yield Reason.BOOKED_TOO_LATE, c.ahead_min.holding(visit.days_ahead)
    yield Reason.BOOKED_TOO_EARLY, c.ahead_max.holding(visit.days_ahead)
    yield Reason.PARTY_TOO_SMALL, c.party_min.holding(visit.party_size)
    yield Reason.PARTY_TOO_LARGE, c.party_max.holding(visit.party_size)
