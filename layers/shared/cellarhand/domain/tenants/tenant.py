"""A tenant and its settings (bodies of design section 4.3)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from cellarhand.domain.models import StrictModel
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reliability.token_bucket import CrmPace

from .crm_measurements import MeasuredCrm

TenantId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a time zone of the IANA database, such as America/Los_Angeles")
    return name


TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
Sku = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]
MinorUnits = Annotated[int, Field(ge=0, le=10**11, strict=True)]
Percent = Annotated[str, Field(pattern=r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$")]
"""A percentage as a decimal string, so that it is exact: "7.25"."""


class Provider(StrEnum):
    """Which CRM a tenant uses."""

    VINSUITE = "vinsuite"
    PEOPLE = "people"
    NONE = "none"


class CrmEnvironment(StrEnum):
    """Which installation of the provider; addresses are stack parameters, never a tenant's choice."""

    PRODUCTION = "production"
    UAT = "uat"
    SANDBOX = "sandbox"


PromoVersusAutomatic = Literal["promo_replaces_automatic", "best_for_guest", "stack"]
SeveralAutomatic = Literal["best_for_guest", "priority", "stack"]
MembershipOnHold = Literal["not_active", "keeps_benefits"]
CrmUnreachable = Literal["list_price_and_flag", "refuse"]


class Policy(StrictModel):
    """How a winery settles what its discount rules leave open."""

    promo_versus_automatic: PromoVersusAutomatic = "promo_replaces_automatic"
    several_automatic: SeveralAutomatic = "best_for_guest"
    membership_on_hold: MembershipOnHold = "not_active"
    crm_unreachable: CrmUnreachable = "list_price_and_flag"


class SalesAssociates(StrictModel):
    """The CRM's staff id credited for an order, by booking source (six GUIDs at VinSuite)."""

    BO: str | None = None
    WGT: str | None = None
    REF: str | None = None
    CON: str | None = None
    AFF: str | None = None
    MOB: str | None = None


CallsPerSecond = Annotated[float, Field(ge=0.1, le=1000)] | None


class CrmAllowance(StrictModel):
    """How many background calls may be in flight at once at this tenant's CRM, and how many a second leave.

    None: as many a second as it answers.
    """

    orders: int = Field(2, ge=1, le=16)
    customers: int = Field(1, ge=1, le=4)
    orders_per_second: CallsPerSecond = 10.0
    customers_per_second: CallsPerSecond = 5.0

    @property
    def order_pace(self) -> CrmPace | None:
        """Of order sync. A second's worth can be saved up, at least what may be in flight."""
        rate = self.orders_per_second
        return CrmPace(rate, burst=max(rate, self.orders)) if rate else None

    @property
    def customer_pace(self) -> CrmPace | None:
        """Of each of the `customers` that try upserts again side by side: an equal share."""
        rate = self.customers_per_second
        return CrmPace(rate / self.customers, burst=max(rate / self.customers, 2)) if rate else None


class RecognitionLimits(StrictModel):
    """How often a minute guests may be asked for: by one access key, and one and the same guest."""

    per_key: int = Field(600, ge=1, le=100_000)
    per_guest: int = Field(20, ge=1, le=1_000)


class Settings(StrictModel):
    """What a winery's staff decide. Dates named here are the winery's local calendar dates."""

    policy: Policy = Policy()
    order_date: Literal["booked_date", "event_date", "day_of_synchronization"] = "booked_date"
    pickup_date: Literal["booked_date", "event_date"] = "event_date"
    sales_associates: SalesAssociates = SalesAssociates()
    order_prefix: str = Field("CH-", max_length=12, pattern=r"^[A-Za-z0-9-]*$")
    gratuity_sku: Sku | None = None
    new_customer_contact_types: tuple[str, ...] = ()
    existing_customer: Literal["leave_alone", "fill_empty_fields"] = "leave_alone"
    sync_no_shows: bool = False
    member_price_needs_login: bool = False
    crm_allowance: CrmAllowance = CrmAllowance()
    recognition_limits: RecognitionLimits = RecognitionLimits()


class Audience(StrictModel):
    """Who an invite-only event is open to: any of these clubs or contact types, by id or name."""

    clubs_any: tuple[str, ...] = ()
    contact_types_any: tuple[str, ...] = ()


class EventBody(StrictModel):
    """A bookable experience as staff describe it. `fee_per_guest` in minor units."""

    name: str = Field(min_length=1, max_length=200)
    sku: Sku | None = None
    sku_confirmed_by: str | None = Field(None, max_length=200)
    fee_per_guest: MinorUnits
    tax_percent: Percent = "0"
    tags: tuple[str, ...] = ()
    invite_only: Audience | None = None
    active: bool = True


class TenantRecord(Record):
    """Who the tenant is. `hash_key` keys the hashes that stand for its guests' e-mail addresses.

    `measured`: what a probe has found out about its CRM.
    """

    tenant_id: str
    name: str
    timezone: str
    currency: str
    provider: Provider
    crm_environment: CrmEnvironment
    hash_key: str
    schedule_paused: bool = False
    measured: MeasuredCrm | None = None
    created_at: datetime

    @property
    def key(self) -> Key:
        """One per tenant."""
        return Key(tenant_partition(self.tenant_id), "TENANT")

    def timers(self, stack: Timers) -> Timers:
        """The stack's timers, longer where this tenant's CRM was found to need it."""
        return self.measured.lengthened(stack) if self.measured else stack


class SettingsRecord(Record):
    """The stored settings, and who wrote them."""

    tenant_id: str
    settings: Settings
    written_by: str
    written_at: datetime

    @property
    def key(self) -> Key:
        """One per tenant."""
        return Key(tenant_partition(self.tenant_id), "SETTINGS")


class EventRecord(Record):
    """A stored event."""

    tenant_id: str
    event_id: str
    event: EventBody

    @property
    def key(self) -> Key:
        """One per event of a tenant."""
        return Key(tenant_partition(self.tenant_id), f"EVENT#{self.event_id}")
