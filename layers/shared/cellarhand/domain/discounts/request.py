"""The request for a quote (design section 4.1)."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cellarhand.domain.amounts import MinorUnits, Percent
from cellarhand.domain.booking.snapshot import (
    AddOn,
    EventId,
    GuestText,
    Instant,
    LocalTime,
    PartySize,
    ReservationId,
)
from cellarhand.domain.discounts.schema.schema import Channel
from cellarhand.domain.email import checked_email
from cellarhand.domain.models import StrictModel


class QuoteGuest(StrictModel):
    """The guest to look up: exactly one of the two fields. The e-mail is normalised when it is parsed."""

    email: Annotated[GuestText, AfterValidator(checked_email)] | None = None
    customer_id: Annotated[GuestText, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.email is None) == (self.customer_id is None):
            raise ValueError("give either `email` or `customer_id`")
        return self

    @property
    def asked_for(self) -> str:
        """Identifies the guest for rate limits."""
        return self.email or f"id:{self.customer_id}"


class DiscountRequest(StrictModel):
    """A visit to price. Money in minor units; `starts_at` in the winery's local time.

    Absent: `booked_at` is now, fee and tax are the event's; `explain` is `all` up to 200 rules, else `near`.
    """

    event_id: EventId
    starts_at: LocalTime
    party_size: PartySize
    channel: Channel
    guest: QuoteGuest | None = None
    logged_in: bool = True
    promo_code: GuestText | None = None
    fee_per_guest: MinorUnits | None = None
    tax_percent: Percent | None = None
    add_ons: tuple[AddOn, ...] = Field((), max_length=100)
    gratuity: MinorUnits = 0
    booked_at: Instant | None = None
    reservation_id: ReservationId | None = None
    explain: Literal["near", "all"] | None = None
