"""The reservation snapshot: a reservation's full state as the booking engine sends it."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    model_validator,
)

from cellarhand.domain.amounts import MinorUnits
from cellarhand.domain.customers.customer import Address
from cellarhand.domain.models import StrictModel
from cellarhand.domain.tenants.event import Sku

_FIRST_YEAR, _LAST_YEAR = 1970, 2199


def _valid_minute(text: str) -> str:
    datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - local by definition
    return text


def _in_range(instant: datetime) -> datetime:
    """Instants near the limits of `datetime` can't be converted to every time zone."""
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(f"an instant from {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant


LocalTime = Annotated[
    str,
    # [0-9]: a pattern's \d takes the digits of every script, and dates are compared as text.
    StringConstraints(pattern=r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"),
    AfterValidator(_valid_minute),
]
"""The winery's wall clock, `YYYY-MM-DDTHH:MM`, without an offset."""

Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]

ReservationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
GuestText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Note = Annotated[str, StringConstraints(max_length=4000)]
PartySize = Annotated[int, Field(ge=1, le=500, strict=True)]
BookingSource = Literal["BO", "WGT", "REF", "CON", "AFF", "MOB"]


class Guest(StrictModel):
    """The guest's data as typed. `customer_id`, set by Match, takes precedence over the e-mail."""

    email: GuestText | None = None
    first_name: GuestText | None = None
    last_name: GuestText | None = None
    phone: GuestText | None = None
    address: Address | None = None
    marketing_opt_in: bool | None = None
    customer_id: GuestText | None = None


class GivenDiscount(StrictModel):
    """A booked discount: from a rule, or (without `rule`) given by staff, with a `name` and who gave it."""

    rule: str | None = None
    name: Label | None = None
    by: Label | None = None
    guests: Annotated[int, Field(ge=0, strict=True)] | None = None
    amount: MinorUnits

    @model_validator(mode="after")
    def _staff_discount_is_signed(self) -> Self:
        if self.rule is None and not (self.name and self.by):
            raise ValueError("a discount without a rule needs `name` and `by`")
        return self


class GuestPrice(StrictModel):
    """The net price that a number of `guests` pay each, in minor units."""

    guests: Annotated[int, Field(ge=1, strict=True)]
    unit_price: MinorUnits


class AddOn(StrictModel):
    """An item sold in addition to the visit; never discounted."""

    sku: Sku | None = None
    name: Label
    unit_price: MinorUnits
    quantity: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    taxable: bool = True


class InviteOverride(StrictModel):
    """Who admitted an uninvited guest, and why."""

    by: Label
    reason: Label


class Snapshot(StrictModel):
    """The full state of a reservation at one `sequence`. Replaces the previous one; absent means null."""

    sequence: Annotated[int, Field(ge=0, strict=True)]
    number: Annotated[int, Field(ge=1, le=2_147_483_647, strict=True)] | None = None
    kind: Literal["reservation", "ticket_order"] = "reservation"
    state: Literal["confirmed", "completed", "cancelled", "no_show"]
    state_at: Instant | None = None
    event_id: EventId
    starts_at: LocalTime
    booked_at: Instant
    party_size: PartySize
    booking_source: BookingSource
    guest: Guest
    guest_note: Note | None = None
    internal_note: Note | None = None
    fee_per_guest: MinorUnits
    discounts: tuple[GivenDiscount, ...] = Field((), max_length=100)
    guest_prices: tuple[GuestPrice, ...] | None = Field(None, max_length=500)
    promo_code: GuestText | None = None
    add_ons: tuple[AddOn, ...] = Field((), max_length=100)
    tax: MinorUnits = 0
    gratuity: MinorUnits = 0
    total: MinorUnits
    paid: MinorUnits
    quote_id: GuestText | None = None
    invite_override: InviteOverride | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if difference := self.total - self.expected_total:
            raise ValueError(
                f"total is {self.total}, the parts add up to {self.expected_total} (difference {difference})"
            )
        if self.guest_prices is not None:
            self._check_guest_prices(self.guest_prices)
        return self

    def _check_guest_prices(self, prices: tuple[GuestPrice, ...]) -> None:
        if (guests := sum(price.guests for price in prices)) != self.party_size:
            raise ValueError(f"guest_prices cover {guests} guests, the party has {self.party_size}")
        if (paid := sum(price.guests * price.unit_price for price in prices)) != self.net_fees:
            raise ValueError(f"guest_prices add up to {paid}, fees less discounts are {self.net_fees}")

    @property
    def fees(self) -> int:
        """The list price of the visit."""
        return self.party_size * self.fee_per_guest

    @property
    def discount(self) -> int:
        """The sum of all discounts."""
        return sum(discount.amount for discount in self.discounts)

    @property
    def net_fees(self) -> int:
        """The price of the visit after discounts."""
        return self.fees - self.discount

    @property
    def add_ons_total(self) -> int:
        """The sum of all add-ons."""
        return sum(add_on.unit_price * add_on.quantity for add_on in self.add_ons)

    @property
    def expected_total(self) -> int:
        """The total that the parts add up to."""
        return self.net_fees + self.add_ons_total + self.tax + self.gratuity

    @property
    def balance(self) -> int:
        """The amount still due (positive) or to be refunded (negative)."""
        return self.total - self.paid

    @property
    def visit_date(self) -> date:
        """The date of the visit at the winery."""
        return date.fromisoformat(self.starts_at[:10])

    def price_per_guest(self) -> tuple[GuestPrice, ...]:
        """`guest_prices`; if absent, an even split into at most two prices that differ by one minor unit."""
        if self.guest_prices is not None:
            return self.guest_prices
        low, remainder = divmod(self.net_fees, self.party_size)
        split = [(remainder, low + 1), (self.party_size - remainder, low)]
        return tuple(GuestPrice(guests=guests, unit_price=price) for guests, price in split if guests)
