"""Wiring of quotes, simulation, allowances and the discount schema."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_crm
from cellarhand.bootstrap.customers import customer_finder
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
    from cellarhand.domain.reservations.allowance_claims import Booked
    from cellarhand.domain.reservations.reservation import ReservationRecord
    from cellarhand.use_cases.crm.time_budget import TimeBudget
    from cellarhand.use_cases.discounts.claim_allowances import BookDiscounts
    from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas
    from cellarhand.use_cases.discounts.evaluate_discounts import EvaluateDiscounts
    from cellarhand.use_cases.discounts.manage_schema import ReadDiscountSchema, WriteDiscountSchema
    from cellarhand.use_cases.discounts.recheck_member_price import RecheckGuest
    from cellarhand.use_cases.discounts.simulation.simulate import SimulateDiscounts
    from cellarhand.use_cases.ledger.reservation_context import ReservationFacts


@once
def compiled_schemas(outside: Outside) -> "CompiledSchemas":
    """The tenants' discount rules, as this process last compiled them."""
    from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas

    return CompiledSchemas(outside.settings)


@once
def evaluate_discounts(outside: Outside) -> "EvaluateDiscounts":
    """For `POST /v1/discounts/evaluate`."""
    from cellarhand.use_cases.customers.recognise_guest import RecogniseInCrm
    from cellarhand.use_cases.discounts.evaluate_discounts import EvaluateDiscounts

    return EvaluateDiscounts(
        outside.settings,
        outside.ledger,
        RecogniseInCrm(customer_finder()),
        outside.clock,
        outside.tokens,
        outside.metrics,
    )


@once
def simulate_discounts(outside: Outside) -> "SimulateDiscounts":
    """For `POST /v1/discounts/simulate`."""
    from cellarhand.use_cases.customers.recognise_guest import RecogniseInCrm
    from cellarhand.use_cases.discounts.simulation.replay import ReplayReservations
    from cellarhand.use_cases.discounts.simulation.simulate import SimulateDiscounts

    replay = ReplayReservations(outside.ledger, customer_finder(), outside.clock)
    recognise = RecogniseInCrm(customer_finder())
    return SimulateDiscounts(outside.settings, guarded_crm(), recognise, replay, outside.clock)


@once
def book_discounts(outside: Outside) -> "BookDiscounts":
    """What a reservation takes of allowances."""
    from cellarhand.use_cases.discounts.claim_allowances import BookDiscounts

    return BookDiscounts(outside.ledger, compiled_schemas(), outside.clock)


@once
def recheck_guest(outside: Outside) -> "RecheckGuest":
    """Whether a reservation's guest is who was quoted."""
    from cellarhand.use_cases.discounts.recheck_member_price import RecheckGuest

    return RecheckGuest(outside.ledger, guarded_crm(), book_discounts(), outside.clock)


class BookedDiscounts:
    """Loads the discount engine when the first reservation with a discount or a quote comes, not before."""

    def book(
        self, facts: "ReservationFacts", stored: "ReservationRecord | None", record: "ReservationRecord"
    ) -> "Booked":
        """As `BookDiscounts`."""
        return book_discounts()(facts, stored, record)

    def recheck(
        self, facts: "ReservationFacts", record: "ReservationRecord", budget: "TimeBudget"
    ) -> "ReservationRecord":
        """As `RecheckGuest`."""
        return recheck_guest()(facts, record, budget)


@once
def read_discount_schema(outside: Outside) -> "ReadDiscountSchema":
    """For reading the schema and its versions."""
    from cellarhand.use_cases.discounts.manage_schema import ReadDiscountSchema

    return ReadDiscountSchema(outside.settings)


@once
def write_discount_schema(outside: Outside) -> "WriteDiscountSchema":
    """For `PUT /v1/discount-schema`."""
    from cellarhand.use_cases.discounts.manage_schema import WriteDiscountSchema

    return WriteDiscountSchema(outside.settings, guarded_crm(), outside.clock)


def schema_of(tenant_id: str) -> "CompiledSchema":
    """The rules in force, looked up only for guests whom an invite rule alone does not let in."""
    return compiled_schemas().current(tenant_id)[1]
