"""A snapshot about to be stored, with everything that its allowances and its price depend on."""

from typing import NamedTuple

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.customers.customer import Customer, Membership
from cellarhand.domain.discounts.allowance import AllowanceKey, AllowanceNeed, HeldAllowances
from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
from cellarhand.domain.discounts.engine.remaining_usage import allowance_needs
from cellarhand.domain.discounts.engine.usage_limits import Occasion, Usage
from cellarhand.domain.discounts.quotes.price_check import PresentPrices
from cellarhand.domain.discounts.quotes.quote_record import QuoteRecord
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.reservations.allowance_claims import needs_price_check
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventBody
from cellarhand.use_cases.ledger.reservation_context import ReservationContext


class ClaimContext(NamedTuple):
    """`record`: as it would be stored; `stored`: the record it replaces; `number`: of the schema in force."""

    facts: ReservationContext
    stored: ReservationRecord | None
    record: ReservationRecord
    number: int
    schema: CompiledSchema
    quote: QuoteRecord | None

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot as stored, with staff's correction of the guest."""
        return self.record.snapshot

    @property
    def held(self) -> HeldAllowances:
        """What the reservation holds so far."""
        return self.stored.allowances if self.stored else HeldAllowances()

    @property
    def needs_price_check(self) -> bool:
        """Whether the price must be looked at."""
        return needs_price_check(self.stored, self.snapshot)

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The guest's memberships with known joining dates: from the quote, else from an earlier one."""
        customer = self.quote.basis.customer if self.quote and self.quote.basis else None
        joined = tuple(held for held in customer.memberships if held.joined_on) if customer else ()
        return joined or self.held.memberships

    @property
    def needs(self) -> tuple[AllowanceNeed, ...]:
        """The allowances that its discounts need, or the code that opens the event."""
        event = self.facts.event
        opened_by = self.snapshot.promo_code if event and event.invite_only else None
        return allowance_needs(self.schema, self.snapshot.discounts, self.occasion, opened_by=opened_by)

    @property
    def occasion(self) -> Occasion:
        """The facts that select the periods of allowances."""
        joined = Customer(customer_id="", memberships=self.memberships)
        return Occasion(
            self.snapshot.starts_at,
            local_minute(self.snapshot.booked_at, self.facts.tenant.timezone),
            self.snapshot.party_size,
            joined,
        )

    def present_prices(self, event: EventBody, usage: Usage) -> PresentPrices:
        """What determines its price today."""
        return PresentPrices(
            self.number,
            self.schema,
            self.facts.settings.policy,
            event,
            self.facts.tenant.timezone,
            usage,
        )

    def allowance_keys(self) -> tuple[AllowanceKey, ...]:
        """The allowances that its price depends on, whether the booking uses them or not."""
        event, quote = self.facts.event, self.quote
        if event is None or quote is None or quote.basis is None:
            return ()
        return self.present_prices(event, {}).allowance_keys(quote.basis, self.snapshot)
