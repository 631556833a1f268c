"""Whether a booked price is what the visit costs now, to the cent, and if not, why.

A quote's own rules are not looked at again: the present price is compared with the booked one, and the cause
is the first of the things that have changed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cellarhand.domain.booking.snapshot import AddOn, Snapshot
from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.allowance import AllowanceAnswer, AllowanceKey
from cellarhand.domain.discounts.engine.benefit_amounts import millionths, share
from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
from cellarhand.domain.discounts.engine.facts import NOBODY, Recognition
from cellarhand.domain.discounts.engine.price import allowances_in_question, price
from cellarhand.domain.discounts.engine.usage_limits import NOTHING_USED, Usage
from cellarhand.domain.discounts.price_difference import PriceCause, PriceCheck
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy

from .quote_record import QuoteRecord, QuoteSource

_TERMS = ("event_id", "starts_at", "party_size", "promo_code", "add_ons", "gratuity")


class PresentPrices(NamedTuple):
    """What a booking is priced by now. `number`: of the schema in force; `usage`: without this booking."""

    number: int
    schema: CompiledSchema
    policy: Policy
    event: EventBody
    timezone: str
    usage: Usage = NOTHING_USED

    def expected_total(self, basis: QuoteSource, booking: Snapshot, recognition: Recognition) -> int:
        """What the booking costs, less what staff took off, which no rule knows of."""
        request = self.request(basis, booking)
        priced = price(
            self.schema,
            self.policy,
            self.event,
            request,
            booked_at=basis.booked_at,
            recognition=recognition,
            usage=self.usage,
        )
        by_staff = sum(discount.amount for discount in booking.discounts if discount.rule is None)
        net = max(0, priced.fees - priced.discount - by_staff)
        percent = request.tax_percent or self.event.tax_percent
        tax = share(net + _taxable(request.add_ons), millionths(percent))
        return net + priced.add_ons + tax + priced.gratuity

    def questions(self, basis: QuoteSource, booking: Snapshot) -> tuple[AllowanceKey, ...]:
        """The allowances whose usage decides."""
        return allowances_in_question(
            self.schema,
            self.policy,
            self.event,
            self.request(basis, booking),
            booked_at=basis.booked_at,
            recognition=basis.recognition,
        )

    def request(self, basis: QuoteSource, booking: Snapshot) -> DiscountRequest:
        """The question of the quote, put for what was booked."""
        booked: dict[str, object] = {term: getattr(booking, term) for term in _TERMS}
        if basis.request.fee_per_guest is not None:
            booked["fee_per_guest"] = booking.fee_per_guest
        return basis.request.model_copy(update=booked)


def as_of_now(
    quote: QuoteRecord, basis: QuoteSource, booking: Snapshot, now: datetime, zone: str
) -> QuoteSource:
    """A quote holds as of the moment it was asked for, and an expired one as of the booking's."""
    if now < quote.quote.expires_at:
        return basis
    return basis.model_copy(update={"booked_at": local_minute(booking.booked_at, zone)})


def checked(
    prices: PresentPrices,
    quote: QuoteRecord,
    basis: QuoteSource,
    booking: Snapshot,
    now: datetime,
    *,
    short: bool,
) -> PriceCheck | None:
    """None where the price holds. `short`: an allowance was not granted in full."""
    basis = as_of_now(quote, basis, booking, now, prices.timezone)
    expected = prices.expected_total(basis, booking, basis.recognition)
    if expected == booking.total:
        return None
    cause = "allowance_gone" if short else _cause(prices, quote, basis, booking, now)
    return difference(booking, expected, cause)


def rechecked(
    prices: PresentPrices, basis: QuoteSource, booking: Snapshot, customer: Customer | None
) -> PriceCheck | None:
    """With the guest as the CRM has them now; None where that makes no other price than the quote's guest."""
    present = Recognition(customer, login_missing=basis.login_missing)
    expected = prices.expected_total(basis, booking, present)
    if expected == prices.expected_total(basis, booking, basis.recognition):
        return None
    return difference(booking, expected, "membership_changed")


def depends_on_guest(prices: PresentPrices, basis: QuoteSource, booking: Snapshot) -> bool:
    """Whether somebody whom nobody knows would pay another price than the guest of the quote."""
    of_stranger = prices.expected_total(basis, booking, NOBODY)
    return of_stranger != prices.expected_total(basis, booking, basis.recognition)


def difference(booking: Snapshot, expected: int, cause: PriceCause) -> PriceCheck:
    """What was booked less what it costs."""
    return PriceCheck(expected_total=expected, difference=booking.total - expected, cause=cause)


def without_allowances(
    booking: Snapshot, answers: Sequence[AllowanceAnswer], event: EventBody | None
) -> PriceCheck:
    """What a booking without a quote costs if each rule covers only what was granted, in proportion.

    Tax follows at the event's rate.
    """
    lost = min(sum(_lost(booking, answer) for answer in _shortest(answers)), booking.discount)
    rate = millionths(event.tax_percent) if event else 0
    taxed = booking.net_fees + _taxable(booking.add_ons)
    more_tax = share(taxed + lost, rate) - share(taxed, rate)
    return difference(booking, booking.total + lost + more_tax, "allowance_gone")


def _cause(
    prices: PresentPrices, quote: QuoteRecord, basis: QuoteSource, booking: Snapshot, now: datetime
) -> PriceCause:
    if prices.number != quote.schema_number:
        return "schema_changed"
    if _differs(quote, basis, booking):
        return "booking_changed"
    if now >= quote.quote.expires_at:
        return "quote_expired"
    return "settings_changed" if booking.total == quote.quote.total else "not_as_quoted"


def _differs(quote: QuoteRecord, basis: QuoteSource, booking: Snapshot) -> bool:
    if quote.quote.fees != booking.fees:
        return True
    return any(getattr(basis.request, term) != getattr(booking, term) for term in _TERMS)


def _shortest(answers: Sequence[AllowanceAnswer]) -> list[AllowanceAnswer]:
    """Of each rule the one allowance of which most is missing."""
    by_rule: dict[str, AllowanceAnswer] = {}
    for answer in sorted(answers, key=lambda each: each.granted / each.asked, reverse=True):
        by_rule[answer.rule] = answer
    return list(by_rule.values())


def _lost(booking: Snapshot, answer: AllowanceAnswer) -> int:
    amount = sum(discount.amount for discount in booking.discounts if discount.rule == answer.rule)
    missing = answer.asked - answer.granted
    return (2 * amount * missing + answer.asked) // (2 * answer.asked)


def _taxable(add_ons: Sequence[AddOn]) -> int:
    return sum(add_on.unit_price * add_on.quantity for add_on in add_ons if add_on.taxable)
