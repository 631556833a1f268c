"""Cellarhand's engine: deciding alone, the whole quote explained, and from JSON to JSON."""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from cellarhand.domain.customers.customer import ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.discounts.engine.compiled_schema import compile_schema
from cellarhand.domain.discounts.engine.facts import (
    GuestFacts,
    Recognition,
    VisitFacts,
    booking_context,
    guest_facts,
    visit_facts,
)
from cellarhand.domain.discounts.engine.price import PricingInput, price, price_input, pricing_input
from cellarhand.domain.discounts.engine.usage_limits import NOTHING_USED
from cellarhand.domain.discounts.quote import Priced, Quote, QuotedCustomer
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy

from .workload import FEES, Asked, Rule

BEST = Policy()
STACK = Policy(several_automatic="stack", promo_versus_automatic="stack")
EVENTS = {event: EventBody(name=event, fee_per_guest=fee, tax_percent="7.75") for event, fee in FEES.items()}
EXPIRES_AT = datetime(2026, 6, 1, tzinfo=UTC)


type Prepared = tuple[VisitFacts, GuestFacts, int]
"""A visit as the engine takes it once the request is read and the guest is known; and the fee."""


class Whole(NamedTuple):
    """A visit as it comes: the request's body, the guest as recognised, the booking's local moment."""

    body: bytes
    request: DiscountRequest
    event: EventBody
    recognition: Recognition
    booked_at: str


class Cellarhand:
    """One schema, in its two uses."""

    def __init__(self, rules: list[Rule], policy: Policy = BEST) -> None:
        self.schema = compile_schema(DiscountSchema.model_validate({"rules": rules}), Meanings())
        self.policy = policy
        self._in_force = self.schema.under(policy)
        self.decide = self._in_force.decide

    def prepared(self, visit: Asked) -> Prepared:
        """Facts for deciding; made outside the timing, like the peers'."""
        code = visit.code.casefold()
        place = booking_context(
            visit.event, (), visit.channel, code if code in self.schema.code_ranks else None
        )  # type: ignore[arg-type]
        asked = visit_facts(place, visit.starts_at, visit.booked_at, visit.party_size)
        return asked, guest_facts(_guest(visit), self.policy), FEES[visit.event]

    def decision(self, prepared: Prepared) -> tuple[str | None, int]:
        """Which rule is given, and its cents; for `BEST` alone."""
        choice = self.decide(*prepared)
        return (choice.applied[0].rule.id, choice.discount) if choice.applied else (None, 0)

    def price(self, whole: Whole) -> Priced:
        """The whole quote, explained."""
        return price(
            self.schema,
            self.policy,
            whole.event,
            whole.request,
            booked_at=whole.booked_at,
            recognition=whole.recognition,
        )

    def situated(self, whole: Whole) -> tuple[Whole, PricingInput]:
        """Facts for the quote; made outside the timing, like the peers'."""
        return whole, pricing_input(
            self.schema,
            self.policy,
            whole.event,
            whole.request,
            booked_at=whole.booked_at,
            recognition=whole.recognition,
        )

    def price_facts(self, whole: Whole, asked: PricingInput) -> Priced:
        """The whole quote, explained, from facts."""
        return price_input(
            self.schema,
            asked,
            whole.event,
            whole.request,
            booked_at=whole.booked_at,
            recognition=whole.recognition,
            usage=NOTHING_USED,
        )

    def answer(self, whole: Whole) -> str:
        """From the request's JSON to the quote's."""
        request = parse(whole.body)
        priced = self.price(whole._replace(request=request))
        return Quote(
            **priced._asdict(),
            quote_id="q-1",
            expires_at=EXPIRES_AT,
            currency="USD",
            customer=QuotedCustomer(recognised=True, customer_id="customer-1"),
            flags=(),
        ).model_dump_json()


def whole(visit: Asked, explain: str = "all") -> Whole:
    """Everything that comes from outside; made outside the timing."""
    asked = {
        "event_id": visit.event,
        "starts_at": visit.starts_at,
        "party_size": visit.party_size,
        "channel": visit.channel,
        "guest": {"email": "ada@example.com"},
        "promo_code": visit.code or None,
        "explain": explain,
    }
    body = json.dumps(asked).encode()
    return Whole(body, parse(body), EVENTS[visit.event], _guest(visit), visit.booked_at)


def parse(body: bytes) -> DiscountRequest:
    """The request, checked."""
    return DiscountRequest.model_validate_json(body)


def read(priced: Priced) -> list[str | None]:
    """The explanation, read: why each rule was refused, or that it was not."""
    return [each.reason for each in priced.rules]


def _guest(visit: Asked) -> Recognition:
    held = Membership(club_id=visit.club, club=visit.club, status=MembershipStatus.ACTIVE)
    kind = ContactType(id=visit.contact_type, name=visit.contact_type)
    return Recognition(Customer(customer_id="customer-1", memberships=(held,), contact_types=(kind,)))
