"""A visit and a guest, reduced to the facts that conditions of rules compare."""

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

    `crm_unavailable`: the look-up failed, so memberships are unknown. `login_missing`: the winery gives
    member prices to logged-in guests only, and this guest is not logged in; invitations are not affected.
    """

    customer: Customer | None = None
    crm_unavailable: bool = False
    login_missing: bool = False


NOBODY = Recognition()


@dataclass(frozen=True, slots=True, eq=False)
class BookingContext:
    """Event, channel and promo code of a booking. Labels are folded.

    Made by `booking_context`: equal contexts are the same object, so that looking one up is cheap.
    """

    event_id: str
    tags: tuple[str, ...]
    channel: Channel
    code: str | None


@lru_cache(maxsize=4_096)
def booking_context(
    event_id: str, tags: tuple[str, ...], channel: Channel, code: str | None
) -> BookingContext:
    """The context. Folds the tags."""
    return BookingContext(event_id, tuple(fold_label(tag) for tag in tags), channel, code)


@dataclass(slots=True, eq=False)
class VisitFacts:
    """A booking as rules see it, in the winery's local time: `YYYY-MM-DD` and `HH:MM`.

    `day` and `booked_day` include the time where some rule begins or ends within a day. `days_ahead`:
    calendar days from booking to visit; negative when booked afterwards. Not frozen, which would take longer
    to create: every quote makes one, and nothing keeps it.
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
    """From two local moments `YYYY-MM-DDTHH:MM`. `to_the_minute`: some rule's dates need the time of day."""
    day, booked_day = starts_at[:10], booked_at[:10]
    ahead = day_number(day) - day_number(booked_day)
    if to_the_minute:
        day, booked_day = starts_at, booked_at
    return VisitFacts(place, day, starts_at[11:], booked_day, ahead, party_size)


@dataclass(frozen=True, slots=True, eq=False)
class GuestFacts:
    """A guest as rules see them: ids of the clubs with benefits, of all clubs, and of contact types.

    `unknown`: why these are empty although the guest may be a member. Made by `guest_facts`: guests with
    equal facts share one object.
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
    """Reduce a guest to facts, under the winery's policy for memberships on hold and for member prices."""
    if recognition.login_missing:
        return NOT_LOGGED_IN
    if recognition.crm_unavailable:
        return NOT_LOOKED_UP
    customer = recognition.customer
    return STRANGER if customer is None else _known_facts(customer, policy)


def clubs_that_count(customer: Customer, policy: Policy) -> tuple[str, ...]:
    """The ids of the clubs whose benefits the customer gets under the policy."""
    counting = _COUNTING[policy.membership_on_hold]
    return tuple([held.club_id for held in customer.memberships if held.status in counting])


def _known_facts(customer: Customer, policy: Policy) -> GuestFacts:
    held, kinds = customer.memberships, customer.contact_types
    if not held and not kinds:
        return STRANGER
    return _shared_facts(
        tuple([(membership.club_id, membership.status) for membership in held]),
        tuple([kind.id for kind in kinds]),
        policy.membership_on_hold,
    )


@lru_cache(maxsize=4_096)
def _shared_facts(
    held: tuple[tuple[str, MembershipStatus], ...], contact_types: tuple[str, ...], on_hold: MembershipOnHold
) -> GuestFacts:
    counting = _COUNTING[on_hold]
    benefits = tuple(club for club, status in held if status in counting)
    return GuestFacts(benefits, tuple(club for club, _ in held), contact_types)
