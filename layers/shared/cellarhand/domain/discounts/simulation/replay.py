"""Pricing reservations again: a kept booking as a request, who its guest is taken for, and what changes."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cellarhand.domain.booking.snapshot import BookingSource, Snapshot
from cellarhand.domain.customers.customer import ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Meanings, Named
from cellarhand.domain.discounts.schema.schema import ALL, Channel, DiscountSchema, Rule

from .models import MAX_SHOWN, MovedPrice, Tally

CHANNEL_OF: dict[BookingSource, Channel] = {
    "BO": "back_office",
    "WGT": "widget",
    "REF": "marketplace",
    "CON": "concierge",
    "AFF": "affiliate",
    "MOB": "mobile",
}
SOME_CLUB = "some club"
"""Stands for the club of a guest who had the price for members of any club."""

type GuestSource = Literal["looked_up", "inferred", "unknown"]
type Skipped = Literal["cancelled", "ticket_order"]


class TakenFor(NamedTuple):
    """Who a guest is taken for, and why."""

    customer: Customer | None
    source: GuestSource


UNKNOWN = TakenFor(None, "unknown")


class Repriced(NamedTuple):
    """The totals of one reservation: as booked, by the schema in force, by the draft."""

    reservation_id: str
    booked: int
    in_force: int
    draft: int
    source: GuestSource


def request_of(snapshot: Snapshot) -> DiscountRequest:
    """What a quote for this booking would have been asked. Its list price is kept; tax is the event's."""
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


def why_skipped(snapshot: Snapshot) -> Skipped | None:
    """What is not a visit that anybody paid a price of rules for."""
    if snapshot.kind == "ticket_order":
        return "ticket_order"
    return "cancelled" if snapshot.state == "cancelled" else None


class GuestsOfRules:
    """Who guests must have been, by the rules that gave them something: those of the schema in force.

    Somebody who had a rule of several clubs may be in any one of them, and is taken for a member of each.
    """

    def __init__(self, schema: DiscountSchema, meanings: Meanings) -> None:
        self._meanings = meanings
        self._rules = {rule.id: rule for rule in schema.rules}

    def taken_for(self, snapshot: Snapshot) -> TakenFor:
        """Unknown where no rule for members gave anything: that says little of who the guest is."""
        rules = [self._rules[given.rule] for given in snapshot.discounts if given.rule in self._rules]
        clubs = dict.fromkeys(club for rule in rules for club in self._clubs(rule))
        types = dict.fromkeys(kind for rule in rules for kind in self._types(rule))
        if not (clubs or types):
            return UNKNOWN
        guest = imagined(clubs=[Named(id_, id_) for id_ in clubs], types=[Named(id_, id_) for id_ in types])
        return TakenFor(guest, "inferred")

    def _clubs(self, rule: Rule) -> tuple[str, ...]:
        labels = rule.who.clubs_any
        if labels == ALL:
            return (SOME_CLUB,)
        return tuple(self._meanings.clubs.get(label, label) for label in labels)

    def _types(self, rule: Rule) -> tuple[str, ...]:
        labels = rule.who.contact_types_any
        return tuple(self._meanings.contact_types.get(label, label) for label in labels)


def imagined(
    *, clubs: Iterable[Named] = (), on_hold: Iterable[Named] = (), types: Iterable[Named] = ()
) -> Customer:
    """A customer in these clubs and with these contact types, and nothing else."""
    active = [Membership(club_id=c.id, club=c.name, status=MembershipStatus.ACTIVE) for c in clubs]
    held = [Membership(club_id=c.id, club=c.name, status=MembershipStatus.ON_HOLD) for c in on_hold]
    kinds = [ContactType(id=kind.id, name=kind.name) for kind in types]
    return Customer(customer_id="", memberships=(*active, *held), contact_types=tuple(kinds))


def tallied(tally: Tally, repriced: Repriced) -> Tally:
    """With one more reservation."""
    difference = repriced.draft - repriced.in_force
    return tally.model_copy(
        update={
            "replayed": tally.replayed + 1,
            "guests": one_more(tally.guests, repriced.source),
            "changed": tally.changed + bool(difference),
            "cheaper": tally.cheaper + (difference < 0),
            "dearer": tally.dearer + (difference > 0),
            "booked_total": tally.booked_total + repriced.booked,
            "in_force_total": tally.in_force_total + repriced.in_force,
            "draft_total": tally.draft_total + repriced.draft,
            **_extremes(tally, repriced, difference),
        }
    )


def one_more[Name: str](counts: dict[Name, int], name: Name, number: int = 1) -> dict[Name, int]:
    """The counts with so many more of one name."""
    return {**counts, name: counts.get(name, 0) + number} if number else counts


def _extremes(tally: Tally, repriced: Repriced, difference: int) -> dict[str, tuple[MovedPrice, ...]]:
    if not difference:
        return {}
    moved = MovedPrice(
        reservation_id=repriced.reservation_id,
        booked=repriced.booked,
        in_force=repriced.in_force,
        draft=repriced.draft,
        difference=difference,
    )
    side, shown = ("gain_most", tally.gain_most) if difference < 0 else ("lose_most", tally.lose_most)
    ranked = sorted((*shown, moved), key=lambda each: (-abs(each.difference), each.reservation_id))
    return {side: tuple(ranked[:MAX_SHOWN])}
