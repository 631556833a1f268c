"""The discount schema: the one document in which a winery writes down its discount rules.

Every field under `who`, `what` and `when` narrows the rule; an absent one does not. What a rule means in
money is in `pricing`; what rules mean together is in `choosing`.
"""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from cellarhand.domain.snapshot import EventId, Label
from cellarhand.domain.tenant import (
    CrmUnreachable,
    MembershipOnHold,
    MinorUnits,
    Percent,
    Policy,
    PromoVersusAutomatic,
    SeveralAutomatic,
)

from .local_dates import DateOrMoment, LocalDate, TimeOfDay, Weekday

MOST_RULES = 5_000

Channel = Literal["widget", "marketplace", "mobile", "affiliate", "concierge", "back_office"]
CONSUMER_CHANNELS: tuple[Channel, ...] = ("widget", "marketplace", "mobile", "affiliate", "concierge")
EVERY_CHANNEL: tuple[Channel, ...] = (*CONSUMER_CHANNELS, "back_office")

ALL = ("all",)
"""How the word `all` is held where a list may stand."""


def _word_as_list(value: object) -> object:
    return ALL if value == "all" else value


def _list_as_word(labels: tuple[str, ...]) -> str | tuple[str, ...]:
    return "all" if labels == ALL else labels


LabelsOrAll = Annotated[
    tuple[Label, ...],
    BeforeValidator(_word_as_list, json_schema_input_type=tuple[Label, ...] | Literal["all"]),
    PlainSerializer(_list_as_word),
]
"""Names or ids, or the word `all`."""

GuestCount = Annotated[int, Field(ge=1, le=500, strict=True)]
DaysAhead = Annotated[int, Field(ge=0, le=3_650, strict=True)]
WorthSomething = Annotated[int, Field(ge=1, le=10**11, strict=True)]
"""Minor units, and more than none."""


PromoCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Who(_Part):
    """Whom a rule is for; empty: everybody.

    `clubs_any`: an active membership in one of these clubs (`all`: in any club). `contact_types_any` and
    `contact_types_none`: carries one of these contact types, carries none of those.
    """

    clubs_any: LabelsOrAll = ()
    contact_types_any: tuple[Label, ...] = ()
    contact_types_none: tuple[Label, ...] = ()


class What(_Part):
    """Which events a rule is for. With `event_tags`: only those that carry one of the tags."""

    events: Annotated[LabelsOrAll, Field(min_length=1)] = ALL
    event_tags: tuple[Label, ...] = ()


class StartTimes(_Part):
    """When the visit begins, by the winery's clock; both ends belong to it."""

    from_: TimeOfDay | None = Field(None, alias="from")
    to: TimeOfDay | None = None


class Valid(_Part):
    """The dates on which a rule holds: of the visit, or of the booking. Both ends belong to it."""

    by: Literal["booked_date", "event_date"] = "event_date"
    from_: DateOrMoment | None = Field(None, alias="from")
    to: DateOrMoment | None = None
    blackout: tuple[LocalDate, ...] = ()


class When(_Part):
    """The circumstances of a booking. `party_size_*` speak of the whole party: it fits, or gets nothing.

    `channels` absent: the five consumer channels; on a rule with a code, all six.
    """

    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = None
    start_times: StartTimes = StartTimes()
    party_size_min: GuestCount | None = None
    party_size_max: GuestCount | None = None
    booked_days_ahead_min: DaysAhead | None = None
    booked_days_ahead_max: DaysAhead | None = None
    valid: Valid = Valid()


class PercentOff(_Part):
    """`percent` off, rounded half-up for each guest, or once for all covered guests together."""

    kind: Literal["percent_off"]
    percent: Percent
    rounds: Literal["per_guest", "per_reservation"] = "per_guest"


class AmountOffPerGuest(_Part):
    """`amount` off for each covered guest, at most what the guest would pay."""

    kind: Literal["amount_off_per_guest"]
    amount: WorthSomething


class AmountOffPerReservation(_Part):
    """`amount` off once, spread over the covered guests in proportion to what they would pay."""

    kind: Literal["amount_off_per_reservation"]
    amount: WorthSomething


class FreeGuests(_Part):
    """The first `guests` covered guests who would pay anything pay nothing."""

    kind: Literal["free_guests"]
    guests: GuestCount


class PricePerGuest(_Part):
    """Each covered guest pays `amount`; never more than without the rule."""

    kind: Literal["price_per_guest"]
    amount: MinorUnits


class AccessOnly(_Part):
    """No money: opens invite-only events to those for whom the rule holds."""

    kind: Literal["access_only"]


_BENEFITS: dict[str, type[_Part]] = {
    "percent_off": PercentOff,
    "amount_off_per_guest": AmountOffPerGuest,
    "amount_off_per_reservation": AmountOffPerReservation,
    "free_guests": FreeGuests,
    "price_per_guest": PricePerGuest,
    "access_only": AccessOnly,
}


def _by_kind(value: object, otherwise: ValidatorFunctionWrapHandler) -> object:
    """Validate as the kind says, so that errors point at the document's own fields and at no union's tag."""
    model = _BENEFITS.get(str(value.get("kind"))) if isinstance(value, dict) else None
    return model.model_validate(value) if model else otherwise(value)


Benefit = Annotated[
    PercentOff | AmountOffPerGuest | AmountOffPerReservation | FreeGuests | PricePerGuest | AccessOnly,
    Field(discriminator="kind"),
    WrapValidator(_by_kind),
]


class Rule(_Part):
    """One discount. A lower `priority` goes first; money is in minor units.

    It covers the first `guests_covered_max` guests and needs at least `guests_covered_min` to cover.
    With a `code` it waits for that promo code; without, it is automatic.
    """

    id: EventId
    name: Label
    active: bool = True
    priority: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] = 100
    who: Who = Who()
    what: What = What()
    when: When = When()
    benefit: Benefit
    guests_covered_min: GuestCount | None = None
    guests_covered_max: GuestCount | None = None
    discount_max: WorthSomething | None = None
    code: PromoCode | None = None


class SchemaPolicy(_Part):
    """The policy as far as the schema decides it; what is absent, the settings decide."""

    promo_versus_automatic: PromoVersusAutomatic | None = None
    several_automatic: SeveralAutomatic | None = None
    membership_on_hold: MembershipOnHold | None = None
    crm_unreachable: CrmUnreachable | None = None

    def over(self, settings: Policy) -> Policy:
        """The policy that counts: ours where we say something."""
        return settings.model_copy(update=self.model_dump(exclude_none=True))


class DiscountSchema(_Part):
    """A winery's rules, in any order: order never matters, `priority` and `id` do."""

    rules: tuple[Rule, ...] = Field((), max_length=MOST_RULES)
    policy: SchemaPolicy = SchemaPolicy()
