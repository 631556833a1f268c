"""A tenant and its settings (bodies of design section 4.3)."""

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
    """Which CRM a tenant uses."""

    VINSUITE = "vinsuite"
    PEOPLE = "people"
    NONE = "none"


class CrmEnvironment(StrEnum):
    """Which installation of the provider; addresses are stack parameters, never a tenant's choice."""

    PRODUCTION = "production"
    UAT = "uat"
    SANDBOX = "sandbox"


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
        return tenant_key(self.tenant_id)

    def timers(self, stack: Timers) -> Timers:
        """The stack's timers, longer where this tenant's CRM was found to need it."""
        return self.measured.lengthened(stack) if self.measured else stack


def tenant_key(tenant_id: str) -> Key:
    """Where a tenant lives."""
    return Key(tenant_partition(tenant_id), "TENANT")
