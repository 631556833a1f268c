"""Simulation of a draft discount schema: the request, and the two kinds of answer."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from cellarhand.domain.booking.snapshot import Label, ReservationId
from cellarhand.domain.discounts.quote import (
    Access,
    AllowanceLeft,
    DiscountLine,
    Money,
    Priced,
    Promo,
    QuotedCustomer,
    RuleOutcome,
)
from cellarhand.domain.discounts.reasons import Flag
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.models import StrictModel

MAX_REPLAYED = 5_000
MAX_LOOK_UPS = 50
MAX_SHOWN = 10

Labels = Annotated[tuple[Label, ...], Field(max_length=100)]
Count = Annotated[int, Field(ge=0)]


class InventedGuest(StrictModel):
    """A made-up guest: active in `clubs`, on hold in `clubs_on_hold`, with these contact types.

    Each by id or name, as in a schema.
    """

    clubs: Labels = ()
    clubs_on_hold: Labels = ()
    contact_types: Labels = ()


class Replay(StrictModel):
    """Price again the reservations whose visit was in the last `days`, today included.

    `look_ups`: how many customers may be looked up in the CRM, for their memberships now. `cursor`: `next` of
    an earlier answer; the draft must be the same.
    """

    days: Annotated[int, Field(ge=1, le=730, strict=True)] = 90
    look_ups: Annotated[int, Field(ge=0, le=MAX_LOOK_UPS, strict=True)] = 0
    cursor: Annotated[str, Field(max_length=16_000)] | None = None


class SimulationRequest(StrictModel):
    """A draft, and either a visit to price (with its guest, an invented one, or none) or a replay."""

    draft: DiscountSchema
    visit: DiscountRequest | None = None
    invented_guest: InventedGuest | None = None
    replay: Replay | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.visit is None) == (self.replay is None):
            raise ValueError("give either `visit` or `replay`")
        if self.invented_guest and (self.visit is None or self.visit.guest):
            raise ValueError("`invented_guest` goes with a `visit` that names no guest")
        return self


class SimulatedPrice(Money):
    """The content of a quote that was never given: it can't be booked."""

    discounts: tuple[DiscountLine, ...]
    promo: Promo
    rules: tuple[RuleOutcome, ...]
    access: Access
    allowances: tuple[AllowanceLeft, ...]

    @classmethod
    def of(cls, priced: Priced) -> Self:
        """From the priced visit."""
        return cls(**priced._asdict())


class SimulatedVisit(BaseModel):
    """One visit priced by the schema in force and by the draft. `difference`: draft less in force; negative:
    the guest pays less with the draft.
    """

    kind: Literal["visit"] = "visit"
    currency: str
    schema_version: int
    in_force: SimulatedPrice
    draft: SimulatedPrice
    difference: int
    customer: QuotedCustomer
    flags: tuple[Flag, ...]
    assumptions: tuple[str, ...]


class ChangedPrice(StrictModel):
    """A reservation whose price changes. `booked`, `in_force` and `draft` are totals in minor units."""

    reservation_id: ReservationId
    booked: int
    in_force: int
    draft: int
    difference: int


class Tally(StrictModel):
    """The result of a replay so far; money in minor units, differences are draft less in force.

    `guests`: how many were priced with their memberships in the CRM (`looked_up`), with memberships inferred
    from the discounts of their booking (`inferred`), or without any (`unknown`).
    """

    replayed: Count = 0
    skipped: dict[Literal["cancelled", "ticket_order", "event_missing", "unreadable"], Count] = Field(
        default_factory=dict
    )
    guests: dict[Literal["looked_up", "inferred", "unknown"], Count] = Field(default_factory=dict)
    look_ups: Count = 0
    changed: Count = 0
    cheaper: Count = 0
    dearer: Count = 0
    booked_total: int = 0
    in_force_total: int = 0
    draft_total: int = 0
    gain_most: Annotated[tuple[ChangedPrice, ...], Field(max_length=MAX_SHOWN)] = ()
    lose_most: Annotated[tuple[ChangedPrice, ...], Field(max_length=MAX_SHOWN)] = ()


class ReplayReport(Tally):
    """The tally of visits from `from_date` to `to_date`. It is incomplete while `next` is set: send that as
    `cursor`.

    `limit_reached`: 5,000 reservations were replayed, and there may be more.
    """

    kind: Literal["replay"] = "replay"
    currency: str
    schema_version: int
    from_date: str
    to_date: str
    difference: int
    limit_reached: bool
    next: str | None
    assumptions: tuple[str, ...]
