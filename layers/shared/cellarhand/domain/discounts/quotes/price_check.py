"""Compare a booked price with today's price of the visit, to the cent, and name the cause of a difference.

The rules that the quote applied are not checked again. Today's price is compared with the booked one, and the
cause is the first thing that has changed since the quote.

Why: docs/decisions.md#compare-a-booked-price-with-todays-price
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

_BOOKED_FIELDS = ("event_id", "starts_at", "party_size", "promo_code", "add_ons", "gratuity")


class PresentPrices(NamedTuple):
    """What determines today's price. `number`: of the schema in force; `usage`: without this booking's."""

    number: int
    schema: CompiledSchema
    policy: Policy
    event: EventBody
    timezone: str
    usage: Usage = NOTHING_USED

    def expected_total(self, basis: QuoteSource, booking: Snapshot, recognition: Recognition) -> int:
        """Today's total of the booking, less the discounts given by staff, which no rule knows."""
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

    def allowance_keys(self, basis: QuoteSource, booking: Snapshot) -> tuple[AllowanceKey, ...]:
        """The allowances whose usage today's price depends on."""
        return allowances_in_question(
            self.schema,
            self.policy,
            self.event,
            self.request(basis, booking),
            booked_at=basis.booked_at,
            recognition=basis.recognition,
        )

    def request(self, basis: QuoteSource, booking: Snapshot) -> DiscountRequest:
        """The quote's request, with the values that were booked."""
        booked: dict[str, object] = {term: getattr(booking, term) for term in _BOOKED_FIELDS}
        if basis.request.fee_per_guest is not None:
            booked["fee_per_guest"] = booking.fee_per_guest
        return basis.request.model_copy(update=booked)


def as_of_now(
    quote: QuoteRecord, basis: QuoteSource, booking: Snapshot, now: datetime, zone: str
) -> QuoteSource:
    """Price a valid quote as of the time of its request, and an expired one as of the time of the booking."""
    if now < quote.quote.expires_at:
        return basis
    return basis.model_copy(update={"booked_at": local_minute(booking.booked_at, zone)})


def check_price(
    prices: PresentPrices,
    quote: QuoteRecord,
    basis: QuoteSource,
    booking: Snapshot,
    now: datetime,
    *,
    short: bool,
) -> PriceCheck | None:
    """Compare the booked total with today's: None if equal. `short`: an allowance wasn't granted in full."""
    basis = as_of_now(quote, basis, booking, now, prices.timezone)
    expected = prices.expected_total(basis, booking, basis.recognition)
    if expected == booking.total:
        return None
    cause = "allowance_gone" if short else _cause(prices, quote, basis, booking, now)
    return difference(booking, expected, cause)


def recheck_price(
    prices: PresentPrices, basis: QuoteSource, booking: Snapshot, customer: Customer | None
) -> PriceCheck | None:
    """Price with the guest's data in the CRM now; None if that gives the same price as the quote's guest."""
    present = Recognition(customer, login_missing=basis.login_missing)
    expected = prices.expected_total(basis, booking, present)
    if expected == prices.expected_total(basis, booking, basis.recognition):
        return None
    return difference(booking, expected, "membership_changed")


def depends_on_guest(prices: PresentPrices, basis: QuoteSource, booking: Snapshot) -> bool:
    """Whether an unknown guest would pay another price than the guest of the quote."""
    of_stranger = prices.expected_total(basis, booking, NOBODY)
    return of_stranger != prices.expected_total(basis, booking, basis.recognition)


def difference(booking: Snapshot, expected: int, cause: PriceCause) -> PriceCheck:
    """The difference of the booked total and the expected one."""
    return PriceCheck(expected_total=expected, difference=booking.total - expected, cause=cause)


def check_without_quote(
    booking: Snapshot, answers: Sequence[AllowanceAnswer], event: EventBody | None
) -> PriceCheck:
    """The price of a booking without a quote, if each of its discounts is cut to the share that was granted.

    Tax is added at the event's rate.
    """
    lost = min(sum(_amount_lost(booking, answer) for answer in _scarcest_by_rule(answers)), booking.discount)
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
    return any(getattr(basis.request, term) != getattr(booking, term) for term in _BOOKED_FIELDS)


def _scarcest_by_rule(answers: Sequence[AllowanceAnswer]) -> list[AllowanceAnswer]:
    """For each rule, the answer with the smallest granted share."""
    by_rule: dict[str, AllowanceAnswer] = {}
    for answer in sorted(answers, key=lambda answer: answer.granted / answer.asked, reverse=True):
        by_rule[answer.rule] = answer
    return list(by_rule.values())


def _amount_lost(booking: Snapshot, answer: AllowanceAnswer) -> int:
    amount = sum(discount.amount for discount in booking.discounts if discount.rule == answer.rule)
    missing = answer.asked - answer.granted
    return (2 * amount * missing + answer.asked) // (2 * answer.asked)


def _taxable(add_ons: Sequence[AddOn]) -> int:
    return sum(add_on.unit_price * add_on.quantity for add_on in add_ons if add_on.taxable)
