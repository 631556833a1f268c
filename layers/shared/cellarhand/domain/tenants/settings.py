"""A winery's settings, as its staff decide them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from cellarhand.domain.models import StrictModel
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.token_bucket import CallRate

from .event import Sku

PromoVersusAutomatic = Literal["promo_replaces_automatic", "best_for_guest", "stack"]


SeveralAutomatic = Literal["best_for_guest", "priority", "stack"]


MembershipOnHold = Literal["not_active", "keeps_benefits"]


CrmUnreachable = Literal["list_price_and_flag", "refuse"]


class Policy(StrictModel):
    """The winery's decisions about what its discount rules leave open."""

    promo_versus_automatic: PromoVersusAutomatic = "promo_replaces_automatic"
    several_automatic: SeveralAutomatic = "best_for_guest"
    membership_on_hold: MembershipOnHold = "not_active"
    crm_unreachable: CrmUnreachable = "list_price_and_flag"


class SalesAssociates(StrictModel):
    """The CRM's id of the staff member credited for an order, by booking source (GUIDs at VinSuite)."""

    BO: str | None = None
    WGT: str | None = None
    REF: str | None = None
    CON: str | None = None
    AFF: str | None = None
    MOB: str | None = None


CallsPerSecond = Annotated[float, Field(ge=0.1, le=1000)] | None


class CrmAllowance(StrictModel):
    """Limits of background calls to this tenant's CRM: how many in flight at once, and how many per second.

    None: no limit per second.
    """

    orders: int = Field(2, ge=1, le=16)
    customers: int = Field(1, ge=1, le=4)
    orders_per_second: CallsPerSecond = 10.0
    customers_per_second: CallsPerSecond = 5.0

    @property
    def order_rate(self) -> CallRate | None:
        """The rate of order sync. The burst is one second's calls, and at least the calls in flight."""
        rate = self.orders_per_second
        return CallRate(rate, burst=max(rate, self.orders)) if rate else None

    @property
    def customer_rate(self) -> CallRate | None:
        """The rate of each of the `customers` parallel upsert workers: an equal share."""
        rate = self.customers_per_second
        return CallRate(rate / self.customers, burst=max(rate / self.customers, 2)) if rate else None


class RecognitionLimits(StrictModel):
    """Customer look-ups allowed per minute: for each access key, and for each guest."""

    per_key: int = Field(600, ge=1, le=100_000)
    per_guest: int = Field(20, ge=1, le=1_000)


class Settings(StrictModel):
    """A winery's settings. Dates are the winery's local calendar dates."""

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


class SettingsRecord(Record):
    """The stored settings, and who wrote them."""

    tenant_id: str
    settings: Settings
    written_by: str
    written_at: datetime

    @property
    def key(self) -> Key:
        """One per tenant."""
        return settings_key(self.tenant_id)


def settings_key(tenant_id: str) -> Key:
    """Where a tenant's settings live."""
    return Key(tenant_partition(tenant_id), "SETTINGS")
