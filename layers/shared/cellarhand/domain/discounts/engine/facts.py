"""What rules are asked about: a visit and a guest, reduced to what conditions compare."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cellarhand.domain.customers.customer import Customer, MembershipStatus
from cellarhand.domain.discounts.schema.labels import fold_label
from cellarhand.domain.discounts.schema.local_dates import day_number
from cellarhand.domain.discounts.schema.schema import Channel
from cellarhand.domain.tenants.settings import MembershipOnHold, Policy


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is known of the guest.

    `crm_unavailable`: the look-up failed, so nobody can say. `login_missing`: the winery gives member
    prices to logged-in guests only and this one is not; invitations are not affected.
    """

    customer: Customer | None = None
    crm_unavailable: bool = False
    login_missing: bool = False


NOBODY = Recognition()


@dataclass(frozen=True, slots=True, eq=False)
class BookingContext:
    """Where a booking is made: for which event, through which channel, with which code. Labels folded.

    From `booking_context`: the same place is the same object, so that looking it up is cheap.
    """

    event_id: str
    tags: tuple[str, ...]
    channel: Channel
    code: str | None


@lru_cache(maxsize=4_096)
def booking_context(
    event_id: str, tags: tuple[str, ...], channel: Channel, code: str | None
) -> BookingContext:
    """The place, with its tags yet to be folded."""
    return BookingContext(event_id, tuple(fold_label(tag) for tag in tags), channel, code)


@dataclass(slots=True, eq=False)
class VisitFacts:
    """A booking as rules see it, by the winery's calendar and clock: `YYYY-MM-DD` and `HH:MM`.

    Both days are whole moments where some rule begins or ends within a day. `days_ahead`: calendar days from
    booking to visit; below 0 when booked afterwards. Not frozen: every quote makes one, and nobody keeps it.
    """

    place: BookingContext
    day: str
    hour: str
    booked_day: str
    days_ahead: int
    party_size: int


def visit_facts(
    place: BookingContext, starts_at: str, booked_at: str, party_size: int, *, to_the_minute: bool = False
) -> VisitFacts:
    """The visit at two local moments `YYYY-MM-DDTHH:MM`. `to_the_minute`: as rules of a schema may ask."""
    day, booked_day = starts_at[:10], booked_at[:10]
    ahead = day_number(day) - day_number(booked_day)
    if to_the_minute:
        day, booked_day = starts_at, booked_at
    return VisitFacts(place, day, starts_at[11:], booked_day, ahead, party_size)


@dataclass(frozen=True, slots=True, eq=False)
class GuestFacts:
    """A guest as rules see them: ids of clubs whose benefits count, of all clubs, of contact types.

    `unknown`: why nothing of this may be known, although the guest may well be a member. From `guest_facts`:
    the same standing is the same object.
    """

    benefits: tuple[str, ...] = ()
    clubs: tuple[str, ...] = ()
    contact_types: tuple[str, ...] = ()
    unknown: Literal["login_missing", "crm_unavailable"] | None = None


STRANGER = GuestFacts()
NOT_LOGGED_IN = GuestFacts(unknown="login_missing")
NOT_LOOKED_UP = GuestFacts(unknown="crm_unavailable")

_COUNTING: dict[MembershipOnHold, set[MembershipStatus]] = {
    "not_active": {MembershipStatus.ACTIVE},
    "keeps_benefits": {MembershipStatus.ACTIVE, MembershipStatus.ON_HOLD},
}


def guest_facts(recognition: Recognition, policy: Policy) -> GuestFacts:
    """What rules may know of the guest under the winery's policy for memberships on hold."""
    if recognition.login_missing:
        return NOT_LOGGED_IN
    if recognition.crm_unavailable:
        return NOT_LOOKED_UP
    customer = recognition.customer
    return STRANGER if customer is None else _standing(customer, policy)


def clubs_that_count(customer: Customer, policy: Policy) -> tuple[str, ...]:
    """The ids of the clubs whose benefits a customer has."""
    counting = _COUNTING[policy.membership_on_hold]
    return tuple([held.club_id for held in customer.memberships if held.status in counting])


def _standing(customer: Customer, policy: Policy) -> GuestFacts:
    held, kinds = customer.memberships, customer.contact_types
    if not held and not kinds:
        return STRANGER
    return _same_standing(
        tuple([(each.club_id, each.status) for each in held]),
        tuple([kind.id for kind in kinds]),
        policy.membership_on_hold,
    )


@lru_cache(maxsize=4_096)
def _same_standing(
    held: tuple[tuple[str, MembershipStatus], ...], contact_types: tuple[str, ...], on_hold: MembershipOnHold
) -> GuestFacts:
    counting = _COUNTING[on_hold]
    benefits = tuple(club for club, status in held if status in counting)
    return GuestFacts(benefits, tuple(club for club, _ in held), contact_types)
