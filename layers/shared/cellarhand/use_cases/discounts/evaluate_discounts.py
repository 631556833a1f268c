"""`POST /v1/discounts/evaluate`: what a visit costs a guest, and why."""

from datetime import datetime, timedelta

from cellarhand.domain.discounts.quote import AnonymousQuote, Priced, Quote
from cellarhand.domain.discounts.quotes.quote_record import QuoteRecord
from cellarhand.domain.discounts.reasons import Flag
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.tenants.event import NO_SUCH_EVENT, EventBody, EventRecord, event_key
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Runtime
from cellarhand.use_cases.customers.recognise_guest import (
    MAX_LOOK_UP_SECONDS,
    RecognisedGuest,
    RecogniseGuest,
)
from cellarhand.use_cases.tenants.read_tenant import settings_of, tenant_record

from .compiled_schemas import CompiledSchemas
from .quote_usage import QuotedVisit, QuoteUsage

QUOTE_HOLDS = timedelta(minutes=30)
BUDGET = 2.0
"""Seconds for a whole evaluation."""
SECONDS_TO_FINISH = 0.3
"""Reserved for pricing and for storing the quote after the look-up."""


class EvaluateDiscounts:
    """Price a visit by the winery's schema and store the quote.

    If the CRM doesn't answer, the guest loses at most the member price, never the booking.
    """

    def __init__(
        self,
        settings: Records,
        ledger: Records,
        recognise: RecogniseGuest,
        schemas: CompiledSchemas,
        usage: QuoteUsage,
        runtime: Runtime,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._recognise = recognise
        self._clock = runtime.clock
        self._tokens = runtime.tokens
        self._metrics = runtime.metrics
        self._schemas = schemas
        self._allowances = usage

    def __call__(
        self, tenant_id: str, request: DiscountRequest, *, anonymous: bool = False
    ) -> Quote | AnonymousQuote:
        """The quote; `anonymous`: only what a public widget may see. Raises `NotFoundError`."""
        began = self._clock.monotonic()
        tenant = tenant_record(self._settings, tenant_id)
        settings = settings_of(self._settings, tenant_id)
        event = self._event(tenant_id, request.event_id)
        number, schema = self._schemas.current(tenant_id)
        login_missing = settings.member_price_needs_login and not request.logged_in
        guest = self._recognise(
            tenant, request.guest, timeout=self._look_up_seconds(began), login_missing=login_missing
        )
        now = self._clock.now()
        booked_at = local_minute(request.booked_at or now, tenant.timezone)
        visit = QuotedVisit(schema, settings.policy, event, request, booked_at, guest.recognition)
        priced = visit.price(self._allowances.usage(tenant, visit))
        quote = self._quote(priced, guest, tenant.currency, now + QUOTE_HOLDS)
        self._ledger.save(_record(tenant, visit, number, quote))
        self._metrics.count("Quotes", outcome=_outcome(quote))
        return AnonymousQuote.of(quote) if anonymous else quote

    def _event(self, tenant_id: str, event_id: str) -> EventBody:
        record = self._settings.get(EventRecord, event_key(tenant_id, event_id))
        if record is None:
            raise NotFoundError(NO_SUCH_EVENT, code="event_not_found")
        return record.event

    def _look_up_seconds(self, began: float) -> float:
        left = BUDGET - SECONDS_TO_FINISH - (self._clock.monotonic() - began)
        return max(0.0, min(MAX_LOOK_UP_SECONDS, left))

    def _quote(self, priced: Priced, guest: RecognisedGuest, currency: str, expires_at: datetime) -> Quote:
        return Quote(
            **priced._asdict(),
            quote_id=self._tokens.token(),
            expires_at=expires_at,
            currency=currency,
            customer=guest.customer,
            flags=guest.flags,
        )


def _record(tenant: TenantRecord, visit: QuotedVisit, number: int, quote: Quote) -> QuoteRecord:
    request = visit.request
    return QuoteRecord(
        tenant_id=tenant.tenant_id,
        event_id=request.event_id,
        starts_at=request.starts_at,
        party_size=request.party_size,
        reservation_id=request.reservation_id,
        schema_number=number,
        quote=quote,
        basis=visit.basis(tenant),
    )


def _outcome(quote: Quote) -> str:
    if not quote.access.allowed:
        return "not_open"
    if Flag.CRM_LOOKUP_UNAVAILABLE in quote.flags:
        return "crm_lookup_unavailable"
    return "discounted" if quote.discount else "list_price"
