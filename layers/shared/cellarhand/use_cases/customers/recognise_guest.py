"""Who is booking? The look-up behind a quote: the best record, and the ids of further ones."""

from typing import NamedTuple, Protocol

from cellarhand.domain.customers.best_match import best_first
from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.request import QuoteGuest
from cellarhand.domain.tenants.tenant import TenantRecord

from .cached_lookup import CachedLookup


class Recognised(NamedTuple):
    """Whom the CRM has for a guest: the best match, and the ids of further records of the same guest."""

    customer: Customer | None = None
    duplicates: tuple[str, ...] = ()


class RecogniseGuest(Protocol):
    """Finds a guest in the tenant's CRM; `timeout` is seconds for everything."""

    def __call__(self, tenant: TenantRecord, guest: QuoteGuest, timeout: float) -> Recognised:
        """Raises a `CrmError` when the CRM can't say; no customer only when it said that there is none."""
        ...


class RecogniseInCrm:
    """Fills `evaluate_discounts.RecogniseGuest`."""

    def __init__(self, finder: CachedLookup) -> None:
        self._finder = finder

    def __call__(self, tenant: TenantRecord, guest: QuoteGuest, timeout: float) -> Recognised:
        """Raises a `CrmError` when the CRM can't say; no customer only when it said that there is none."""
        if guest.email is not None:
            found = best_first(self._finder.with_email(tenant, guest.email, timeout))
        else:
            found = self._finder.with_id(tenant, guest.customer_id or "", timeout)
        if not found:
            return Recognised()
        return Recognised(found[0], tuple(customer.customer_id for customer in found[1:]))
