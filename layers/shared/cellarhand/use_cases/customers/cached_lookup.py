"""Asking a tenant's CRM about people, and remembering the answer for half a minute."""

from collections.abc import Callable

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import CrmGateway, CrmGateways
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.crm.ttl_cache import TtlCache

LOOKUP_KEPT_SECONDS = 30.0
"""A new membership shows after so long; the promise is at most 60 s."""


class CachedLookup:
    """Every method raises a `CrmError` when the CRM can't say; finding nobody is an answer."""

    def __init__(self, crm: CrmGateways, clock: Clock) -> None:
        self._crm = crm
        self._cache: TtlCache[list[Customer]] = TtlCache(clock, seconds=LOOKUP_KEPT_SECONDS)

    def with_email(self, tenant: TenantRecord, email: str, timeout: float) -> list[Customer]:
        """All records with this normalised e-mail."""
        return self._found(
            tenant, ("email", email), lambda crm: crm.find_customers(email=email, timeout=timeout)
        )

    def with_last_name(self, tenant: TenantRecord, name: str, timeout: float) -> list[Customer]:
        """All customers of this last name, folded. The CRM is asked as it was typed: it may mind accents."""
        return self._found(
            tenant,
            ("name", name),
            lambda crm: crm.find_customers(last_name=name, timeout=timeout),
        )

    def with_id(self, tenant: TenantRecord, customer_id: str, timeout: float) -> list[Customer]:
        """The customer, or nobody."""

        def ask(crm: CrmGateway) -> list[Customer]:
            customer = crm.get_customer(customer_id, timeout=timeout)
            return [] if customer is None else [customer]

        return self._found(tenant, ("id", customer_id), ask)

    def _found(
        self, tenant: TenantRecord, wanted: tuple[str, str], ask: Callable[[CrmGateway], list[Customer]]
    ) -> list[Customer]:
        return self._cache.get_or_load((tenant.tenant_id, *wanted), lambda: ask(self._crm.of(tenant)))
