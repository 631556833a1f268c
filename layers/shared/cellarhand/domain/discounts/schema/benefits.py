"""The benefits of rules. `engine/benefit_amounts` computes what each is worth."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidatorFunctionWrapHandler, WrapValidator

from cellarhand.domain.amounts import MinorUnits, Percent

GuestCount = Annotated[int, Field(ge=1, le=500, strict=True)]
WorthSomething = Annotated[int, Field(ge=1, le=10**11, strict=True)]
"""An amount of at least one minor unit."""


class Part(BaseModel):
    """Base of all parts of the discount schema: immutable, and refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class PercentOff(Part):
    """`percent` off, rounded half-up for each guest, or once for all covered guests together."""

    kind: Literal["percent_off"]
    percent: Percent
    rounds: Literal["per_guest", "per_reservation"] = "per_guest"


class AmountOffPerGuest(Part):
    """`amount` off for each covered guest, at most what the guest would pay."""

    kind: Literal["amount_off_per_guest"]
    amount: WorthSomething


class AmountOffPerReservation(Part):
    """`amount` off once, spread over the covered guests in proportion to what they would pay."""

    kind: Literal["amount_off_per_reservation"]
    amount: WorthSomething


class FreeGuests(Part):
    """The first `guests` covered guests who would pay anything pay nothing."""

    kind: Literal["free_guests"]
    guests: GuestCount


class PricePerGuest(Part):
    """Each covered guest pays `amount`; never more than without the rule."""

    kind: Literal["price_per_guest"]
    amount: MinorUnits


class AccessOnly(Part):
    """Takes nothing off: opens invite-only events to the guests the rule is for."""

    kind: Literal["access_only"]


_BENEFITS: dict[str, type[Part]] = {
    "percent_off": PercentOff,
    "amount_off_per_guest": AmountOffPerGuest,
    "amount_off_per_reservation": AmountOffPerReservation,
    "free_guests": FreeGuests,
    "price_per_guest": PricePerGuest,
    "access_only": AccessOnly,
}


def _by_kind(value: object, otherwise: ValidatorFunctionWrapHandler) -> object:
    """Validate by `kind`, so that error pointers name the document's own fields and no tag of a union."""
    model = _BENEFITS.get(str(value.get("kind"))) if isinstance(value, dict) else None
    return model.model_validate(value) if model else otherwise(value)


Benefit = Annotated[
    PercentOff | AmountOffPerGuest | AmountOffPerReservation | FreeGuests | PricePerGuest | AccessOnly,
    Field(discriminator="kind"),
    WrapValidator(_by_kind),
]
