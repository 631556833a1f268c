"""The answer of discount evaluation (design section 4.1). Money in minor units of the tenant's currency."""

from datetime import datetime
from typing import Literal, NamedTuple, Self

from cellarhand.domain.booking.snapshot import GuestPrice
from cellarhand.domain.models import StrictModel

from .reasons import Flag, Reason


class DiscountLine(StrictModel):
    """What one rule gives: to so many guests, so much in all."""

    rule: str
    name: str
    guests: int
    amount: int


class Access(StrictModel):
    """May this guest book? Staff may override a refusal in the back office, where it is offered."""

    allowed: bool
    reason: Reason | None = None
    override_offered: bool = False


class Promo(StrictModel):
    """What became of the promo code."""

    code: str | None = None
    status: Literal["accepted", "refused", "none"] = "none"
    reason: Reason | None = None


class RuleOutcome(StrictModel):
    """What became of one rule; a refused one has exactly one reason."""

    rule: str
    outcome: Literal["applied", "refused"]
    reason: Reason | None = None
    amount: int = 0


class AllowanceLeft(StrictModel):
    """What may still be used of a rule after this booking: uses, or guests where the limit counts guests.

    `of`: the member's allowance, or the code's, in all or for this guest. `period`: such as `day:2026-06-13`.
    """

    rule: str
    of: Literal["member", "code", "code_and_guest"]
    period: str
    left: int


class QuotedCustomer(StrictModel):
    """Whom the CRM recognised; `duplicates`: ids of further records for the same guest."""

    recognised: bool = False
    customer_id: str | None = None
    duplicates: tuple[str, ...] = ()


class Priced(NamedTuple):
    """A priced visit that explains itself; not yet a quote that anybody was given. Fields as in `Quote`."""

    fees: int
    guest_prices: tuple[GuestPrice, ...]
    discount: int
    add_ons: int
    tax: int
    gratuity: int
    total: int
    discounts: tuple[DiscountLine, ...]
    promo: Promo
    rules: tuple[RuleOutcome, ...]
    access: Access
    allowances: tuple[AllowanceLeft, ...]


class Money(StrictModel):
    """The price. `guest_prices`: what the guests pay, net; they add up to `fees - discount`.

    `total = fees - discount + add_ons + tax + gratuity`; tax is on `fees - discount` and taxable add-ons.
    """

    fees: int
    guest_prices: tuple[GuestPrice, ...]
    discount: int
    add_ons: int
    tax: int
    gratuity: int
    total: int


class Quote(Money):
    """A priced visit that explains itself, and holds until `expires_at`."""

    discounts: tuple[DiscountLine, ...]
    promo: Promo
    rules: tuple[RuleOutcome, ...]
    access: Access
    allowances: tuple[AllowanceLeft, ...] = ()
    quote_id: str
    expires_at: datetime
    currency: str
    customer: QuotedCustomer
    flags: tuple[Flag, ...]


class AnonymousAccess(StrictModel):
    """May this guest book? Without the reason."""

    allowed: bool


class AnonymousQuote(Money):
    """As much of a quote as a public widget may see: nothing that tells who is a member."""

    quote_id: str
    expires_at: datetime
    currency: str
    promo: Promo
    access: AnonymousAccess

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """The reduced form of a quote."""
        shown = {name: getattr(quote, name) for name in cls.model_fields if name != "access"}
        return cls(**shown, access=AnonymousAccess(allowed=quote.access.allowed))
