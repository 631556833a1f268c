"""What a quote must know of allowances: read only where a limited rule holds."""

from typing import NamedTuple

from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.engine.price import allowances_in_question, price
from cellarhand.domain.discounts.engine.usage_limits import NOTHING_USED, Usage
from cellarhand.domain.discounts.quote import Priced
from cellarhand.domain.discounts.quotes.quote_record import QuoteSource, without_person
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.reservations.allowance_claims import member_names
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records

from .usage_sums import UsageSums, names_of, usage_without


class QuotedVisit(NamedTuple):
    """All that a price is made of, but for allowances. `booked_at`: local `YYYY-MM-DDTHH:MM`."""

    schema: CompiledSchema
    policy: Policy
    event: EventBody
    request: DiscountRequest
    booked_at: str
    recognition: Recognition

    @property
    def email(self) -> str | None:
        """Of the guest: as typed, else as the CRM has it."""
        guest, customer = self.request.guest, self.recognition.customer
        return (guest.email if guest else None) or (customer.email if customer else None)

    @property
    def customer_id(self) -> str | None:
        """Of the guest: as recognised, else as given."""
        guest, customer = self.request.guest, self.recognition.customer
        return customer.customer_id if customer else guest.customer_id if guest else None

    def priced(self, usage: Usage) -> Priced:
        """The price, with what is used already."""
        return price(
            self.schema,
            self.policy,
            self.event,
            self.request,
            booked_at=self.booked_at,
            recognition=self.recognition,
            usage=usage,
        )

    def basis(self, tenant: TenantRecord) -> QuoteSource:
        """What is kept of it, so that a booking can be priced again."""
        known = self.recognition
        return QuoteSource(
            request=self.request.model_copy(update={"guest": None}),
            booked_at=self.booked_at,
            customer=without_person(known.customer),
            crm_unavailable=known.crm_unavailable,
            login_missing=known.login_missing,
            members=member_names(tenant.hash_key, self.email, self.customer_id),
        )


class QuoteUsage:
    """One batch of sums; before it, where asked for, the claim of a guest whom the CRM does not know, and the
    reservation that is priced again, whose own uses do not count.
    """

    def __init__(self, ledger: Records) -> None:
        self._sums = UsageSums(ledger)

    def usage(self, tenant: TenantRecord, visit: QuotedVisit) -> Usage:
        """Of the allowances that the price asks about; nothing is read where it asks about none."""
        if not visit.schema.limited:
            return NOTHING_USED
        keys = allowances_in_question(
            visit.schema,
            visit.policy,
            visit.event,
            visit.request,
            booked_at=visit.booked_at,
            recognition=visit.recognition,
        )
        if not keys:
            return NOTHING_USED
        by_member = any(key.kind != "code" for key in keys)
        members = self._sums.names(tenant, visit.email, visit.customer_id) if by_member else ()
        again = visit.request.reservation_id
        own = self._sums.held_by(tenant.tenant_id, again) if again else ()
        names = [name for key in keys for name in names_of(key, members)]
        return usage_without(own, keys, members, self._sums.read(tenant.tenant_id, names))
