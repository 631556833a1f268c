"""The answer of discount evaluation (design section 4.1). Money in minor units of the tenant's currency."""

from datetime import datetime
from typing import Literal, NamedTuple, Self

from cellarhand.domain.booking.snapshot import GuestPrice
from cellarhand.domain.models import StrictModel

from .reasons import Flag, Reason


class DiscountLine(StrictModel):
    """What one rule takes off: for how many guests, and how much in total."""

    rule: str
    name: str
    guests: int
    amount: int


class Access(StrictModel):
    """Whether this guest may book. Staff may override a refusal in the back office, where it is offered."""

    allowed: bool
    reason: Reason | None = None
    override_offered: bool = False


class Promo(StrictModel):
    """Whether the promo code was accepted, and if not, why."""

    code: str | None = None
    status: Literal["accepted", "refused", "none"] = "none"
    reason: Reason | None = None


class RuleOutcome(StrictModel):
    """Whether one rule was applied. A refused one has exactly one reason."""

    rule: str
    outcome: Literal["applied", "refused"]
    reason: Reason | None = None
    amount: int = 0


class AllowanceLeft(StrictModel):
    """How often a rule may still be used after this booking: uses, or guests where the limit counts guests.

    `of`: the member's allowance, or the code's: in total, or for this guest. `period`: e.g. `day:2026-06-13`.
    """

    rule: str
    of: Literal["member", "code", "code_and_guest"]
    period: str
    left: int


class QuotedCustomer(StrictModel):
    """The customer found in the CRM. `duplicates`: ids of further records of the same guest."""

    recognised: bool = False
    customer_id: str | None = None
    duplicates: tuple[str, ...] = ()


class Priced(NamedTuple):
    """A priced visit with its explanation, before it becomes a quote. Fields as in `Quote`."""

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
    """A priced visit with its explanation, valid until `expires_at`."""

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
    """Whether this guest may book, without the reason."""

    allowed: bool


class AnonymousQuote(Money):
    """The part of a quote that a public widget may see: nothing in it shows who is a member."""

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
