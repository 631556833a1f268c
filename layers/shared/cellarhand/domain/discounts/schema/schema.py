"""The discount schema: the document that holds all discount rules of a winery.

Every field under `who`, `what` and `when` narrows the rule; an absent one does not. `engine/benefit_amounts`
computes what a rule is worth, `engine/combine` which of several rules are applied.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from cellarhand.domain.booking.snapshot import EventId, Label
from cellarhand.domain.tenants.settings import (
    CrmUnreachable,
    MembershipOnHold,
    Policy,
    PromoVersusAutomatic,
    SeveralAutomatic,
)

from .benefits import Benefit, GuestCount, Part, WorthSomething
from .local_dates import DateOrMoment, LocalDate, TimeOfDay, Weekday

MAX_RULES = 5_000

Channel = Literal["widget", "marketplace", "mobile", "affiliate", "concierge", "back_office"]
CONSUMER_CHANNELS: tuple[Channel, ...] = ("widget", "marketplace", "mobile", "affiliate", "concierge")
EVERY_CHANNEL: tuple[Channel, ...] = (*CONSUMER_CHANNELS, "back_office")

ALL = ("all",)
"""How the word `all` is stored in place of a list."""


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

DaysAhead = Annotated[int, Field(ge=0, le=3_650, strict=True)]
CodeUses = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
PromoCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class Who(Part):
    """The guests a rule is for. Empty: everybody.

    `clubs_any`: an active membership in one of these clubs (`all`: in any club). `contact_types_any` and
    `contact_types_none`: the guest has one of these contact types, and none of those.
    """

    clubs_any: LabelsOrAll = ()
    contact_types_any: tuple[Label, ...] = ()
    contact_types_none: tuple[Label, ...] = ()


class What(Part):
    """The events a rule is for. With `event_tags`: only events with one of these tags."""

    events: Annotated[LabelsOrAll, Field(min_length=1)] = ALL
    event_tags: tuple[Label, ...] = ()


class StartTimes(Part):
    """When the visit begins, in the winery's local time; both ends are included."""

    from_: TimeOfDay | None = Field(None, alias="from")
    to: TimeOfDay | None = None


class Valid(Part):
    """The dates on which a rule holds: of the visit, or of the booking. Both ends are included."""

    by: Literal["booked_date", "event_date"] = "event_date"
    from_: DateOrMoment | None = Field(None, alias="from")
    to: DateOrMoment | None = None
    blackout: tuple[LocalDate, ...] = ()


class When(Part):
    """The circumstances of a booking. `party_size_*` limit the whole party: it fits, or gets nothing.

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


class LimitPerMember(Part):
    """How much of a rule one member may use in a period, counted in reservations (`uses`) or in `guests`.

    Periods follow the winery's local calendar, by the date of the visit or of the booking. A membership year
    runs from one anniversary of joining the club to the next.
    """

    counts: Literal["uses", "guests"]
    maximum: Annotated[int, Field(ge=1, le=100_000, strict=True)]
    period: Literal["day", "calendar_month", "calendar_year", "membership_year", "ever"]
    counted_on: Literal["event_date", "booked_date"] = "event_date"


class Rule(Part):
    """One discount. A lower `priority` goes first; money is in minor units.

    It covers the first `guests_covered_max` guests and needs at least `guests_covered_min` to cover.
    With a `code` it applies only with that promo code, which may be used `code_limit_total` times in total,
    and `code_limit_per_guest` times by each guest. Without one it is automatic.
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
    limit_per_member: LimitPerMember | None = None
    code: PromoCode | None = None
    code_limit_total: CodeUses | None = None
    code_limit_per_guest: CodeUses | None = None


class SchemaPolicy(Part):
    """The policies that the schema sets. For absent ones the settings' apply."""

    promo_versus_automatic: PromoVersusAutomatic | None = None
    several_automatic: SeveralAutomatic | None = None
    membership_on_hold: MembershipOnHold | None = None
    crm_unreachable: CrmUnreachable | None = None

    def over(self, settings: Policy) -> Policy:
        """The policy that applies: the settings', overridden by what is set here."""
        return settings.model_copy(update=self.model_dump(exclude_none=True))


class DiscountSchema(Part):
    """A winery's rules. Their order in the document never matters, only `priority` and `id` do."""

    rules: tuple[Rule, ...] = Field((), max_length=MAX_RULES)
    policy: SchemaPolicy = SchemaPolicy()
