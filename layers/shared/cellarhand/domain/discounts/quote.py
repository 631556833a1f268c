"""The answer of discount evaluation (design section 4.1). Money in minor units of the tenant's currency."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from cellarhand.domain.snapshot import GuestPrice

from .access import Access
from .reasons import Flag, Reason


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DiscountLine(_Answer):
    """What one rule gives: to so many guests, so much in all."""

    rule: str
    name: str
    guests: int
    amount: int


class Promo(_Answer):
    """What became of the promo code."""

    code: str | None = None
    status: Literal["accepted", "refused", "none"] = "none"
    reason: Reason | None = None


class RuleOutcome(_Answer):
    """What became of one rule; a refused one has exactly one reason."""

    rule: str
    outcome: Literal["applied", "refused"]
    reason: Reason | None = None
    amount: int = 0


class AllowanceLeft(_Answer):
    """What a member may still use of a rule after this booking."""

    rule: str
    left: int


class QuotedCustomer(_Answer):
    """Whom the CRM recognised; `duplicates`: ids of further records for the same guest."""

    recognised: bool = False
    customer_id: str | None = None
    duplicates: tuple[str, ...] = ()


class Money(_Answer):
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


class Priced(Money):
    """A priced visit that explains itself; not yet a quote that anybody was given."""

    discounts: tuple[DiscountLine, ...]
    promo: Promo
    rules: tuple[RuleOutcome, ...]
    access: Access


class Quote(Priced):
    """A priced visit that holds until `expires_at`."""

    quote_id: str
    expires_at: datetime
    currency: str
    customer: QuotedCustomer
    allowances: tuple[AllowanceLeft, ...] = ()
    flags: tuple[Flag, ...]


class AnonymousAccess(_Answer):
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
