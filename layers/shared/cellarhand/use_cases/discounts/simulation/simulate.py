"""`POST /v1/discounts/simulate`: what would a draft change, for one visit or for those there were?

Nothing is stored: no quote, no schema, no count of anything.
"""

from collections.abc import Iterator

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema, compile_schema
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.engine.price import price
from cellarhand.domain.discounts.quote import QuotedCustomer
from cellarhand.domain.discounts.reasons import Flag
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.simulation import assumptions
from cellarhand.domain.discounts.simulation.hypothetical_guest import customer_of
from cellarhand.domain.discounts.simulation.models import (
    InventedGuest,
    ReplayReport,
    SimulatedPrice,
    SimulatedVisit,
    SimulationRequest,
)
from cellarhand.domain.errors import (
    CrmError,
    FieldError,
    InvalidRequestError,
    NotFoundError,
    SettingsIncompleteError,
)
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.tenant import Provider, TenantRecord
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.use_cases.customers.recognise_guest import RecogniseGuest
from cellarhand.use_cases.discounts.evaluate_discounts import MAX_LOOK_UP_SECONDS
from cellarhand.use_cases.discounts.validate_schema import CheckedSchema, SchemaRequest, ValidateSchema
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .context import SimulationContext, simulation_context
from .replay import ReplayReservations

NOBODY_INVENTED = InventedGuest()


class SimulateDiscounts:
    """The draft is checked as if it were to be put in force; what is wrong has pointers below `/draft`."""

    def __init__(
        self,
        settings: Records,
        crms: CrmGateways,
        recognise: RecogniseGuest,
        replay: ReplayReservations,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._check = ValidateSchema(settings, crms)
        self._recognise = recognise
        self._replay = replay
        self._clock = clock

    def __call__(
        self, tenant_id: str, request: SimulationRequest, deadline: Deadline
    ) -> SimulatedVisit | ReplayReport:
        """Raises what writing a schema raises, and `NotFoundError` for an unknown event."""
        tenant = tenant_record(self._settings, tenant_id)
        checked = self._checked(tenant, request)
        draft = compile_schema(request.draft, checked.meanings)
        terms = simulation_context(self._settings, tenant, draft)
        if request.replay:
            return self._replay(terms, request.draft, request.replay, deadline)
        if request.visit is None:
            raise ValueError("a simulation is of a visit or a replay")
        guest = request.invented_guest
        invented = customer_of(guest, checked.known) if guest else None
        return self._visit(terms, request.visit, invented)

    def _checked(self, tenant: TenantRecord, request: SimulationRequest) -> CheckedSchema:
        guest = request.invented_guest or NOBODY_INVENTED
        beside = SchemaRequest(bool(guest.clubs or guest.clubs_on_hold), bool(guest.contact_types))
        try:
            return self._check(tenant, request.draft, beside)
        except InvalidRequestError as wrong:
            errors = tuple(FieldError(f"/draft{one.pointer}", one.message) for one in wrong.errors)
            raise InvalidRequestError(wrong.message, errors=errors) from None

    def _visit(
        self, terms: SimulationContext, visit: DiscountRequest, invented: Customer | None
    ) -> SimulatedVisit:
        event = terms.events.get(visit.event_id)
        if event is None:
            raise NotFoundError("There is no such event.", code="event_not_found")
        recognition, customer = self._guest(terms, visit, invented)
        in_force, draft = (
            self._priced(terms, schema, event, visit, recognition) for schema in (terms.in_force, terms.draft)
        )
        return SimulatedVisit(
            currency=terms.tenant.currency,
            schema_version=terms.number,
            in_force=in_force,
            draft=draft,
            difference=draft.total - in_force.total,
            customer=customer,
            flags=tuple(_flags(recognition, customer)),
            assumptions=assumptions.VISIT,
        )

    def _guest(
        self, terms: SimulationContext, visit: DiscountRequest, invented: Customer | None
    ) -> tuple[Recognition, QuotedCustomer]:
        login_missing = terms.settings.member_price_needs_login and not visit.logged_in
        if visit.guest is None or terms.tenant.provider is Provider.NONE:
            known = QuotedCustomer(recognised=invented is not None)
            return Recognition(invented, login_missing=login_missing), known
        try:
            customer, duplicates = self._recognise(terms.tenant, visit.guest, MAX_LOOK_UP_SECONDS)
        except (CrmError, SettingsIncompleteError):
            return Recognition(crm_unavailable=True, login_missing=login_missing), QuotedCustomer()
        customer_id = customer.customer_id if customer else None
        return Recognition(customer, login_missing=login_missing), QuotedCustomer(
            recognised=customer is not None, customer_id=customer_id, duplicates=duplicates
        )

    def _priced(
        self,
        terms: SimulationContext,
        schema: CompiledSchema,
        event: EventBody,
        visit: DiscountRequest,
        recognition: Recognition,
    ) -> SimulatedPrice:
        booked_at = local_minute(visit.booked_at or self._clock.now(), terms.tenant.timezone)
        policy = terms.settings.policy
        priced = price(schema, policy, event, visit, booked_at=booked_at, recognition=recognition)
        return SimulatedPrice.of(priced)


def _flags(recognition: Recognition, customer: QuotedCustomer) -> Iterator[Flag]:
    if recognition.crm_unavailable:
        yield Flag.CRM_LOOKUP_UNAVAILABLE
    if customer.duplicates:
        yield Flag.DUPLICATE_CUSTOMERS
