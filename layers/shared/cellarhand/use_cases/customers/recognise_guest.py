"""Who is booking? The look-up behind a quote: the best record, and the ids of further ones."""

from cellarhand.domain.customers.best_match import best_first
from cellarhand.domain.discounts.request import QuoteGuest
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.use_cases.customers.cached_lookup import CustomerFinder
from cellarhand.use_cases.discounts.evaluate_discounts import Recognised


class RecogniseInCrm:
    """Fills `evaluate_discounts.RecogniseGuest`."""

    def __init__(self, finder: CustomerFinder) -> None:
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
