"""Stored quotes, and what is needed to price them again.

Why: docs/decisions.md#compare-a-booked-price-with-todays-price
"""

from datetime import datetime, timedelta

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.quote import Quote
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition

KEPT_AFTER_EXPIRY = timedelta(days=1)
"""A late booking can then be compared with today's price, and a difference explained by `quote_expired`."""


class QuoteSource(FrozenModel):
    """The inputs of a quote besides the schema, stored to price it again. Without the guest's e-mail.

    `booked_at`: local `YYYY-MM-DDTHH:MM`. `customer`: id, clubs and contact types, no name. `members`: the
    hashes under which allowances count the guest; empty if the request named nobody.
    """

    request: DiscountRequest
    booked_at: str
    customer: Customer | None = None
    crm_unavailable: bool = False
    login_missing: bool = False
    members: tuple[str, ...] = ()

    @property
    def recognition(self) -> Recognition:
        """What was known about the guest."""
        return Recognition(self.customer, self.crm_unavailable, self.login_missing)


class QuoteRecord(Record):
    """A quote, stored to check the reservation against. Quotes from before `basis` was added have none."""

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
        """One for each quote of a tenant."""
        return quote_key(self.tenant_id, self.quote.quote_id)

    @property
    def expires_at(self) -> datetime:
        """When the record is deleted. The quote itself is valid until `quote.expires_at`."""
        return self.quote.expires_at + KEPT_AFTER_EXPIRY


def quote_key(tenant_id: str, quote_id: str) -> Key:
    """The key of a quote in the ledger."""
    return Key(tenant_partition(tenant_id), f"QUOTE#{quote_id}")


def without_person(customer: Customer | None) -> Customer | None:
    """The part of a customer that rules need: id, contact types and memberships."""
    if customer is None:
        return None
    return Customer(
        customer_id=customer.customer_id,
        contact_types=customer.contact_types,
        memberships=customer.memberships,
    )
