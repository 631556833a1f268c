"""A tenant: a winery with its CRM provider and time zone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.settle_time import Timers

from .crm_measurements import MeasuredCrm

TenantId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a time zone of the IANA database, such as America/Los_Angeles")
    return name


TimeZoneName = Annotated[str, AfterValidator(_known_zone)]


class Provider(StrEnum):
    """The CRM that a tenant uses."""

    VINSUITE = "vinsuite"
    PEOPLE = "people"
    NONE = "none"


class CrmEnvironment(StrEnum):
    """The provider's installation. Its address is a stack parameter; a tenant can't choose it."""

    PRODUCTION = "production"
    UAT = "uat"
    SANDBOX = "sandbox"


class TenantRecord(Record):
    """A stored tenant. `hash_key` is the HMAC key for the e-mail addresses of its guests.

    `measured`: what a probe has measured at its CRM.
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
        return tenant_key(self.tenant_id)

    def timers(self, stack: Timers) -> Timers:
        """The stack's timers, extended where the measurements of this tenant's CRM require it."""
        return self.measured.lengthened(stack) if self.measured else stack


def tenant_key(tenant_id: str) -> Key:
    """Where a tenant lives."""
    return Key(tenant_partition(tenant_id), "TENANT")
