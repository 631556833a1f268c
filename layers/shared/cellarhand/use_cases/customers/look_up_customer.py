"""Who is this person in the winery's CRM?"""

from collections.abc import Callable
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from cellarhand.domain.customers.customer import Club, ContactType, Customer
from cellarhand.domain.customers.view import CustomerView, is_on_hold, views_of
from cellarhand.domain.email import checked_email
from cellarhand.domain.errors import CrmError, NotFoundError
from cellarhand.domain.models import StrictModel
from cellarhand.domain.person_name import fold_name
from cellarhand.domain.tenants.settings import Policy
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.signals import Metrics
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .cached_lookup import CachedLookup

SEARCH_SECONDS = 4.0


def _name(text: str) -> str:
    if not fold_name(text):
        raise ValueError("not a name")
    return " ".join(text.split())


class CustomerSearch(StrictModel):
    """Exactly one of the two: an e-mail, or a last name of which case and accents do not matter."""

    email: Annotated[str, StringConstraints(max_length=320), AfterValidator(checked_email)] | None = None
    last_name: Annotated[str, StringConstraints(max_length=200), AfterValidator(_name)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.email is None) == (self.last_name is None):
            raise ValueError("give either `email` or `last_name`")
        return self

    @property
    def asked_for(self) -> str:
        """The key by which rate limits count this guest."""
        return self.email or f"name:{fold_name(self.last_name or '')}"


class LookUpCustomer:
    """A CRM that fails raises its `CrmError`; the answer is then never "not found"."""

    def __init__(
        self,
        settings: Records,
        crm: CrmGateways,
        finder: CachedLookup,
        policy_of: Callable[[str], Policy],
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._crm = crm
        self._finder = finder
        self._policy_of = policy_of
        self._metrics = metrics

    def search(self, tenant_id: str, criteria: CustomerSearch) -> list[CustomerView]:
        """Whom the CRM knows, the likeliest record first."""
        tenant = tenant_record(self._settings, tenant_id)
        return self._counted(tenant_id, lambda: self._find(tenant, criteria))

    def one(self, tenant_id: str, customer_id: str) -> CustomerView:
        """One customer; raises `NotFoundError` when the CRM said that there is none."""
        tenant = tenant_record(self._settings, tenant_id)
        found = self._counted(tenant_id, lambda: self._finder.with_id(tenant, customer_id, SEARCH_SECONDS))
        if not found:
            raise NotFoundError("There is no such customer in the CRM.", code="customer_not_found")
        return found[0]

    def clubs(self, tenant_id: str) -> list[Club]:
        """All clubs."""
        tenant = tenant_record(self._settings, tenant_id)
        return self._crm.of(tenant).list_clubs(timeout=SEARCH_SECONDS)

    def contact_types(self, tenant_id: str) -> list[ContactType]:
        """All contact types."""
        tenant = tenant_record(self._settings, tenant_id)
        return self._crm.of(tenant).list_contact_types(timeout=SEARCH_SECONDS)

    def _find(self, tenant: TenantRecord, criteria: CustomerSearch) -> list[Customer]:
        if criteria.email is not None:
            return self._finder.with_email(tenant, criteria.email, SEARCH_SECONDS)
        return self._finder.with_last_name(tenant, criteria.last_name or "", SEARCH_SECONDS)

    def _counted(self, tenant_id: str, find: Callable[[], list[Customer]]) -> list[CustomerView]:
        try:
            found = find()
        except CrmError as error:
            self._metrics.count("LookUps", outcome=error.stable_code)
            raise
        self._metrics.count("LookUps", outcome="found" if found else "not_found")
        policy = self._policy_of(tenant_id) if any(map(is_on_hold, found)) else Policy()
        return views_of(found, policy.membership_on_hold)
