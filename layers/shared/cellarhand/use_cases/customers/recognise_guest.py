"""Recognise the guest of a quote or a simulation in the winery's CRM."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from cellarhand.domain.customers.best_match import best_first
from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.quote import QuotedCustomer
from cellarhand.domain.discounts.reasons import Flag
from cellarhand.domain.discounts.request import QuoteGuest
from cellarhand.domain.errors import CrmError, SettingsIncompleteError
from cellarhand.domain.tenants.tenant import Provider, TenantRecord

from .cached_lookup import CachedLookup

MAX_LOOK_UP_SECONDS = 1.2
"""How long a price waits for the CRM."""


class FoundGuest(NamedTuple):
    """The CRM's best match for a guest, and the ids of further records of the same guest."""

    customer: Customer | None = None
    duplicates: tuple[str, ...] = ()


class FindGuest(Protocol):
    """Finds a guest in the tenant's CRM; `timeout` is seconds for everything."""

    def __call__(self, tenant: TenantRecord, guest: QuoteGuest, timeout: float) -> FoundGuest:
        """Raises a `CrmError` when the CRM can't say; no customer only when it said that there is none."""
        ...


class FindGuestInCrm:
    """Implements `FindGuest`."""

    def __init__(self, finder: CachedLookup) -> None:
        self._finder = finder

    def __call__(self, tenant: TenantRecord, guest: QuoteGuest, timeout: float) -> FoundGuest:
        """By e-mail, or by customer id."""
        if guest.email is not None:
            found = best_first(self._finder.with_email(tenant, guest.email, timeout))
        else:
            found = self._finder.with_id(tenant, guest.customer_id or "", timeout)
        if not found:
            return FoundGuest()
        return FoundGuest(found[0], tuple(customer.customer_id for customer in found[1:]))


class RecognisedGuest(NamedTuple):
    """A guest as rules see them (`recognition`) and as an answer names them (`customer`)."""

    recognition: Recognition
    customer: QuotedCustomer = QuotedCustomer()

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What the caller should know of the guest beside the price."""
        flags = []
        if self.recognition.crm_unavailable:
            flags.append(Flag.CRM_LOOKUP_UNAVAILABLE)
        if self.customer.duplicates:
            flags.append(Flag.DUPLICATE_CUSTOMERS)
        return tuple(flags)


class RecogniseGuest:
    """A failing CRM is reported and never stops a quote: the guest is then priced without memberships."""

    def __init__(self, find: FindGuest, report: Callable[[CrmError | SettingsIncompleteError], None]) -> None:
        self._find = find
        self._report = report

    def __call__(
        self, tenant: TenantRecord, guest: QuoteGuest | None, *, timeout: float, login_missing: bool
    ) -> RecognisedGuest:
        """Nobody is looked up without a guest or for a winery without a CRM. `timeout`: in seconds."""
        if guest is None or tenant.provider is Provider.NONE:
            return RecognisedGuest(Recognition(login_missing=login_missing))
        try:
            customer, duplicates = self._find(tenant, guest, timeout)
        except (CrmError, SettingsIncompleteError) as error:
            self._report(error)
            return RecognisedGuest(Recognition(crm_unavailable=True, login_missing=login_missing))
        named = QuotedCustomer(
            recognised=customer is not None,
            customer_id=customer.customer_id if customer else None,
            duplicates=duplicates,
        )
        return RecognisedGuest(Recognition(customer, login_missing=login_missing), named)
