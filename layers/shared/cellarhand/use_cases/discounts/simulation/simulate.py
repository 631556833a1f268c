"""`POST /v1/discounts/simulate`: what a draft would change, for one visit or for past reservations.

Nothing is stored: no quote, no schema, no usage.
"""

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema, compile_schema
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.engine.price import price
from cellarhand.domain.discounts.quote import QuotedCustomer
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
from cellarhand.domain.errors import FieldError, InvalidRequestError, NotFoundError
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.tenants.event import NO_SUCH_EVENT, EventBody
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.use_cases.customers.recognise_guest import (
    MAX_LOOK_UP_SECONDS,
    RecognisedGuest,
    RecogniseGuest,
)
from cellarhand.use_cases.discounts.validate_schema import CheckedSchema, SchemaRequest, ValidateSchema
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .context import SimulationContext, simulation_context
from .replay import ReplayReservations

NOBODY_INVENTED = InventedGuest()


class SimulateDiscounts:
    """The draft is validated like a schema to be written; errors have pointers below `/draft`."""

    def __init__(
        self,
        settings: Records,
        check: ValidateSchema,
        recognise: RecogniseGuest,
        replay: ReplayReservations,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._check = check
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
            raise ValueError("a simulation needs a visit or a replay")
        guest = request.invented_guest
        invented = customer_of(guest, checked.known) if guest else None
        return self._visit(terms, request.visit, invented)

    def _checked(self, tenant: TenantRecord, request: SimulationRequest) -> CheckedSchema:
        guest = request.invented_guest or NOBODY_INVENTED
        also_needed = SchemaRequest(bool(guest.clubs or guest.clubs_on_hold), bool(guest.contact_types))
        try:
            return self._check(tenant, request.draft, also_needed)
        except InvalidRequestError as invalid:
            errors = tuple(FieldError(f"/draft{error.pointer}", error.message) for error in invalid.errors)
            raise InvalidRequestError(invalid.message, errors=errors) from None

    def _visit(
        self, terms: SimulationContext, visit: DiscountRequest, invented: Customer | None
    ) -> SimulatedVisit:
        event = terms.events.get(visit.event_id)
        if event is None:
            raise NotFoundError(NO_SUCH_EVENT, code="event_not_found")
        guest = self._guest(terms, visit, invented)
        in_force, draft = (
            self._priced(terms, schema, event, visit, guest.recognition)
            for schema in (terms.in_force, terms.draft)
        )
        return SimulatedVisit(
            currency=terms.tenant.currency,
            schema_version=terms.number,
            in_force=in_force,
            draft=draft,
            difference=draft.total - in_force.total,
            customer=guest.customer,
            flags=guest.flags,
            assumptions=assumptions.VISIT,
        )

    def _guest(
        self, terms: SimulationContext, visit: DiscountRequest, invented: Customer | None
    ) -> RecognisedGuest:
        login_missing = terms.settings.member_price_needs_login and not visit.logged_in
        if invented:
            recognition = Recognition(invented, login_missing=login_missing)
            return RecognisedGuest(recognition, QuotedCustomer(recognised=True))
        return self._recognise(
            terms.tenant, visit.guest, timeout=MAX_LOOK_UP_SECONDS, login_missing=login_missing
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
