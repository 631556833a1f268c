"""Replay a stored reservation: its request, the assumed guest, and the change of its price.

Why: docs/decisions.md#a-replay-infers-membership-from-discounts
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cellarhand.domain.booking.snapshot import BookingSource, Snapshot
from cellarhand.domain.customers.customer import ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Meanings, Named
from cellarhand.domain.discounts.schema.schema import ALL, Channel, DiscountSchema, Rule

from .models import MAX_SHOWN, ChangedPrice, Tally

CHANNEL_OF: dict[BookingSource, Channel] = {
    "BO": "back_office",
    "WGT": "widget",
    "REF": "marketplace",
    "CON": "concierge",
    "AFF": "affiliate",
    "MOB": "mobile",
}
SOME_CLUB = "some club"
"""In place of the club of a guest who got the price for members of any club."""

type GuestSource = Literal["looked_up", "inferred", "unknown"]
type Skipped = Literal["cancelled", "ticket_order"]


class AssumedGuest(NamedTuple):
    """The guest that a reservation is priced for, and where the memberships come from."""

    customer: Customer | None
    source: GuestSource


UNKNOWN = AssumedGuest(None, "unknown")


class Repriced(NamedTuple):
    """The totals of one reservation: as booked, by the schema in force, by the draft."""

    reservation_id: str
    booked: int
    in_force: int
    draft: int
    source: GuestSource


def request_of(snapshot: Snapshot) -> DiscountRequest:
    """The quote request of this booking. It keeps the booked list price; the tax is the event's."""
    return DiscountRequest(
        event_id=snapshot.event_id,
        starts_at=snapshot.starts_at,
        party_size=snapshot.party_size,
        channel=CHANNEL_OF[snapshot.booking_source],
        promo_code=snapshot.promo_code,
        fee_per_guest=snapshot.fee_per_guest,
        add_ons=snapshot.add_ons,
        gratuity=snapshot.gratuity,
        booked_at=snapshot.booked_at,
        explain="near",
    )


def skip_reason(snapshot: Snapshot) -> Skipped | None:
    """Why a reservation isn't replayed; None if it is."""
    if snapshot.kind == "ticket_order":
        return "ticket_order"
    return "cancelled" if snapshot.state == "cancelled" else None


class InferredGuests:
    """Infers guests' memberships from the discounts of their bookings, by the rules of the schema in force.

    A guest who got the discount of a rule for several clubs may be in any one of them, and is priced as a
    member of each.
    """

    def __init__(self, schema: DiscountSchema, meanings: Meanings) -> None:
        self._meanings = meanings
        self._rules = {rule.id: rule for rule in schema.rules}

    def assume_guest(self, snapshot: Snapshot) -> AssumedGuest:
        """`UNKNOWN` if no rule for members gave a discount: that says little about the guest."""
        rules = [self._rules[given.rule] for given in snapshot.discounts if given.rule in self._rules]
        clubs = dict.fromkeys(club for rule in rules for club in self._clubs(rule))
        types = dict.fromkeys(kind for rule in rules for kind in self._types(rule))
        if not (clubs or types):
            return UNKNOWN
        guest = customer_in(
            clubs=[Named(club, club) for club in clubs], types=[Named(kind, kind) for kind in types]
        )
        return AssumedGuest(guest, "inferred")

    def _clubs(self, rule: Rule) -> tuple[str, ...]:
        labels = rule.who.clubs_any
        if labels == ALL:
            return (SOME_CLUB,)
        return tuple(self._meanings.clubs.get(label, label) for label in labels)

    def _types(self, rule: Rule) -> tuple[str, ...]:
        labels = rule.who.contact_types_any
        return tuple(self._meanings.contact_types.get(label, label) for label in labels)


def customer_in(
    *, clubs: Iterable[Named] = (), on_hold: Iterable[Named] = (), types: Iterable[Named] = ()
) -> Customer:
    """A customer with these memberships and contact types, and nothing else."""
    active = [Membership(club_id=c.id, club=c.name, status=MembershipStatus.ACTIVE) for c in clubs]
    held = [Membership(club_id=c.id, club=c.name, status=MembershipStatus.ON_HOLD) for c in on_hold]
    kinds = [ContactType(id=kind.id, name=kind.name) for kind in types]
    return Customer(customer_id="", memberships=(*active, *held), contact_types=tuple(kinds))


def add_to_tally(tally: Tally, repriced: Repriced) -> Tally:
    """The tally with one more reservation."""
    difference = repriced.draft - repriced.in_force
    return tally.model_copy(
        update={
            "replayed": tally.replayed + 1,
            "guests": count_up(tally.guests, repriced.source),
            "changed": tally.changed + bool(difference),
            "cheaper": tally.cheaper + (difference < 0),
            "dearer": tally.dearer + (difference > 0),
            "booked_total": tally.booked_total + repriced.booked,
            "in_force_total": tally.in_force_total + repriced.in_force,
            "draft_total": tally.draft_total + repriced.draft,
            **_extremes(tally, repriced, difference),
        }
    )


def count_up[Name: str](counts: dict[Name, int], name: Name, number: int = 1) -> dict[Name, int]:
    """The counts with `number` more of one name."""
    return {**counts, name: counts.get(name, 0) + number} if number else counts


def _extremes(tally: Tally, repriced: Repriced, difference: int) -> dict[str, tuple[ChangedPrice, ...]]:
    if not difference:
        return {}
    moved = ChangedPrice(
        reservation_id=repriced.reservation_id,
        booked=repriced.booked,
        in_force=repriced.in_force,
        draft=repriced.draft,
        difference=difference,
    )
    side, shown = ("gain_most", tally.gain_most) if difference < 0 else ("lose_most", tally.lose_most)
    ranked = sorted((*shown, moved), key=lambda price: (-abs(price.difference), price.reservation_id))
    return {side: tuple(ranked[:MAX_SHOWN])}
