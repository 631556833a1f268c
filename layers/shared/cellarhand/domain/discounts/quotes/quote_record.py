"""What the discount engine keeps: the versions of a schema, and the quotes given."""

from datetime import datetime, timedelta

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.quote import Quote
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition

KEPT_AFTER_EXPIRY = timedelta(days=1)
"""So that a booking that comes too late is told so, and what it would cost now."""


class QuoteSource(FrozenModel):
    """What a quote was priced by, beside the schema, to price it again; the guest's e-mail is not in it.

    `booked_at`: local `YYYY-MM-DDTHH:MM`. `customer`: clubs and contact types, no name. `members`: the hashes
    by which allowances know the guest; none, where the request named nobody.
    """

    request: DiscountRequest
    booked_at: str
    customer: Customer | None = None
    crm_unavailable: bool = False
    login_missing: bool = False
    members: tuple[str, ...] = ()

    @property
    def recognition(self) -> Recognition:
        """What was known of the guest."""
        return Recognition(self.customer, self.crm_unavailable, self.login_missing)


class QuoteRecord(Record):
    """A quote given, to check the reservation against. No `basis`: priced before there was one."""

    tenant_id: str
    event_id: str
    starts_at: str
    party_size: int
    reservation_id: str | None
    schema_number: int
    quote: Quote
    basis: QuoteSource | None = None

    @property
    def key(self) -> Key:
        """One per quote of a tenant."""
        return quote_key(self.tenant_id, self.quote.quote_id)

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten; it stops to hold with `quote.expires_at`."""
        return self.quote.expires_at + KEPT_AFTER_EXPIRY


def quote_key(tenant_id: str, quote_id: str) -> Key:
    """Where a quote lives in the ledger."""
    return Key(tenant_partition(tenant_id), f"QUOTE#{quote_id}")


def without_person(customer: Customer | None) -> Customer | None:
    """As much of a customer as rules ask about."""
    if customer is None:
        return None
    return Customer(
        customer_id=customer.customer_id,
        contact_types=customer.contact_types,
        memberships=customer.memberships,
    )
