"""Wiring of quotes, simulation, allowances and the discount schema."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways
from cellarhand.bootstrap.customers import cached_lookup
from cellarhand.bootstrap.discount_schema import compiled_schemas
from cellarhand.bootstrap.outside import Outside, once, runtime

if TYPE_CHECKING:
    from cellarhand.domain.reservations.allowance_claims import ReservationWithAllowances
    from cellarhand.domain.reservations.reservation import ReservationRecord
    from cellarhand.use_cases.crm.time_budget import TimeBudget
    from cellarhand.use_cases.customers.recognise_guest import RecogniseGuest
    from cellarhand.use_cases.discounts.claim_allowances import ClaimAllowances
    from cellarhand.use_cases.discounts.evaluate_discounts import EvaluateDiscounts
    from cellarhand.use_cases.discounts.manage_schema import ReadSchema, WriteSchema
    from cellarhand.use_cases.discounts.recheck_member_price import RecheckMemberPrice
    from cellarhand.use_cases.discounts.simulation.simulate import SimulateDiscounts
    from cellarhand.use_cases.discounts.usage_sums import UsageSums
    from cellarhand.use_cases.discounts.validate_schema import ValidateSchema
    from cellarhand.use_cases.ledger.reservation_context import ReservationContext


@once
def recognise_guest(_: Outside) -> "RecogniseGuest":
    """Who is booking, for quotes and simulations."""
    from cellarhand.observability import report_problem
    from cellarhand.use_cases.customers.recognise_guest import FindGuestInCrm, RecogniseGuest

    return RecogniseGuest(FindGuestInCrm(cached_lookup()), report_problem)


@once
def usage_sums(outside: Outside) -> "UsageSums":
    """What is used of the discounts with a limit."""
    from cellarhand.use_cases.discounts.usage_sums import UsageSums

    return UsageSums(outside.ledger)


@once
def validate_schema(outside: Outside) -> "ValidateSchema":
    """For whoever writes the schema, or simulates one."""
    from cellarhand.use_cases.discounts.validate_schema import ValidateSchema

    return ValidateSchema(outside.settings, guarded_gateways())


@once
def evaluate_discounts(outside: Outside) -> "EvaluateDiscounts":
    """For `POST /v1/discounts/evaluate`."""
    from cellarhand.use_cases.discounts.evaluate_discounts import EvaluateDiscounts
    from cellarhand.use_cases.discounts.quote_usage import QuoteUsage

    return EvaluateDiscounts(
        outside.settings,
        outside.ledger,
        recognise_guest(),
        compiled_schemas(),
        QuoteUsage(usage_sums()),
        runtime(),
    )


@once
def simulate_discounts(outside: Outside) -> "SimulateDiscounts":
    """For `POST /v1/discounts/simulate`."""
    from cellarhand.use_cases.discounts.simulation.replay import ReplayReservations
    from cellarhand.use_cases.discounts.simulation.simulate import SimulateDiscounts

    replay = ReplayReservations(outside.ledger, cached_lookup(), outside.clock)
    return SimulateDiscounts(outside.settings, validate_schema(), recognise_guest(), replay, outside.clock)


@once
def claim_allowances(outside: Outside) -> "ClaimAllowances":
    """What a reservation takes of allowances."""
    from cellarhand.use_cases.discounts.claim_allowances import ClaimAllowances

    return ClaimAllowances(outside.ledger, compiled_schemas(), usage_sums(), outside.clock)


@once
def recheck_member_price(outside: Outside) -> "RecheckMemberPrice":
    """Whether a reservation's guest is who was quoted."""
    from cellarhand.use_cases.discounts.recheck_member_price import RecheckMemberPrice

    return RecheckMemberPrice(outside.ledger, guarded_gateways(), claim_allowances(), outside.clock)


class LazyDiscounts:
    """Loads the discount engine when the first reservation with a discount or a quote comes, not before."""

    def book(
        self, facts: "ReservationContext", stored: "ReservationRecord | None", record: "ReservationRecord"
    ) -> "ReservationWithAllowances":
        """As `ClaimAllowances`."""
        return claim_allowances()(facts, stored, record)

    def recheck(
        self, facts: "ReservationContext", record: "ReservationRecord", budget: "TimeBudget"
    ) -> "ReservationRecord":
        """As `RecheckMemberPrice`."""
        return recheck_member_price()(facts, record, budget)


@once
def read_schema(outside: Outside) -> "ReadSchema":
    """For reading the schema and its versions."""
    from cellarhand.use_cases.discounts.manage_schema import ReadSchema

    return ReadSchema(outside.settings)


@once
def write_schema(outside: Outside) -> "WriteSchema":
    """For `PUT /v1/discount-schema`."""
    from cellarhand.use_cases.discounts.manage_schema import WriteSchema

    return WriteSchema(outside.settings, validate_schema(), outside.clock)
