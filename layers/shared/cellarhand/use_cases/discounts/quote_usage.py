"""The usage of allowances that a quote depends on. Read only if a limited rule holds."""

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

from .usage_sums import UsageSums, names_of, usage_without


class QuotedVisit(NamedTuple):
    """Everything a price depends on, except allowances. `booked_at`: local `YYYY-MM-DDTHH:MM`."""

    schema: CompiledSchema
    policy: Policy
    event: EventBody
    request: DiscountRequest
    booked_at: str
    recognition: Recognition

    @property
    def email(self) -> str | None:
        """The guest's e-mail: as typed, else as in the CRM."""
        guest, customer = self.request.guest, self.recognition.customer
        return (guest.email if guest else None) or (customer.email if customer else None)

    @property
    def customer_id(self) -> str | None:
        """The guest's customer id: as recognised, else as given."""
        guest, customer = self.request.guest, self.recognition.customer
        return customer.customer_id if customer else guest.customer_id if guest else None

    def price(self, usage: Usage) -> Priced:
        """The price, given what is already used."""
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
        """The part that is stored with the quote, so that a booking can be priced again."""
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
    """Reads all sums in one batch. Before that it may read two records: the e-mail claim of a guest without a
    customer id, and the reservation that is priced again, whose own uses don't count.
    """

    def __init__(self, sums: UsageSums) -> None:
        self._sums = sums

    def usage(self, tenant: TenantRecord, visit: QuotedVisit) -> Usage:
        """The usage of the allowances that the price depends on. Reads nothing if it depends on none."""
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
        repriced = visit.request.reservation_id
        own = self._sums.held_by(tenant.tenant_id, repriced) if repriced else ()
        names = [name for key in keys for name in names_of(key, members)]
        return usage_without(own, keys, members, self._sums.read(tenant.tenant_id, names))
