"""Request bodies with which support onboards a winery and creates an access key."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, StringConstraints, model_validator

from cellarhand.domain.models import StrictModel

from .access_key import Role
from .tenant import CrmEnvironment, Provider, TenantId, TimeZoneName

Currency = Literal[
    "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "GEL", "HUF",
    "ILS", "INR", "MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "USD", "UYU", "ZAR",
]  # fmt: skip
"""ISO 4217 codes of currencies with two decimals: a CRM amount is always ours divided by 100."""

KeyLabel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class TenantBody(StrictModel):
    """A winery to onboard."""

    tenant_id: TenantId
    name: KeyLabel
    timezone: TimeZoneName
    currency: Currency
    provider: Provider
    crm_environment: CrmEnvironment = CrmEnvironment.PRODUCTION


class AccessKeyBody(StrictModel):
    """A key to create. Support keys belong to no tenant, all others to one."""

    tenant_id: TenantId | None = None
    role: Role
    label: KeyLabel
    expires_at: AwareDatetime | None = None
    anonymous_quotes: bool = False

    @model_validator(mode="after")
    def _check_tenant_and_role(self) -> Self:
        if (self.role is Role.SUPPORT) != (self.tenant_id is None):
            raise ValueError("a support key has no `tenant_id`, every other key has one")
        if self.anonymous_quotes and self.role is not Role.ENGINE:
            raise ValueError("`anonymous_quotes` is for engine keys")
        return self
