"""What support says to take a winery on, and to make an access key (bodies of design section 4.3)."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, StringConstraints, model_validator

from cellarhand.domain.models import StrictModel

from .access_key import Role
from .tenant import CrmEnvironment, Provider, TenantId, TimeZoneName

Currency = Literal[
    "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "GEL", "HUF",
    "ILS", "INR", "MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "USD", "UYU", "ZAR",
]  # fmt: skip
"""ISO 4217 codes with two decimals: a CRM's amounts are ours divided by 100, whatever the currency."""

KeyLabel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class TenantBody(StrictModel):
    """A winery to be taken on."""

    tenant_id: TenantId
    name: KeyLabel
    timezone: TimeZoneName
    currency: Currency
    provider: Provider
    crm_environment: CrmEnvironment = CrmEnvironment.PRODUCTION


class AccessKeyBody(StrictModel):
    """A key to be made. Support keys belong to no tenant; all others to one."""

    tenant_id: TenantId | None = None
    role: Role
    label: KeyLabel
    expires_at: AwareDatetime | None = None
    anonymous_quotes: bool = False

    @model_validator(mode="after")
    def _belongs_to_somebody(self) -> Self:
        if (self.role is Role.SUPPORT) != (self.tenant_id is None):
            raise ValueError("a support key has no `tenant_id`, every other key has one")
        if self.anonymous_quotes and self.role is not Role.ENGINE:
            raise ValueError("`anonymous_quotes` is for engine keys")
        return self
