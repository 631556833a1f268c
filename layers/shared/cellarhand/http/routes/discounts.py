"""Quotes, and simulations of a draft schema."""

from cellarhand.bootstrap import customers, discounts
from cellarhand.domain.discounts.quote import AnonymousQuote, Quote
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.simulation.models import ReplayReport, SimulatedVisit, SimulationRequest
from cellarhand.http.api import ASKS_CRM, ENGINE_AND_STAFF, LARGE_BODY, STAFF, Request, Routes

routes = Routes()


@routes.route(
    "POST",
    "/v1/discounts/evaluate",
    roles=ENGINE_AND_STAFF,
    body=DiscountRequest,
    problems=("event_not_found", "too_many_requests", "changed_meanwhile"),
)
def evaluate_discounts(request: Request[DiscountRequest]) -> Quote | AnonymousQuote:
    """Quote a visit. A key for anonymous quotes learns nothing about the guest."""
    if guest := request.body.guest:
        customers.limit_lookups()(request.caller, request.tenant_id, guest.asked_for)
    return discounts.evaluate_discounts()(
        request.tenant_id, request.body, anonymous=request.caller.anonymous_quotes
    )


@routes.route(
    "POST",
    "/v1/discounts/simulate",
    roles=STAFF,
    body=SimulationRequest,
    body_limit=LARGE_BODY,
    problems=(*ASKS_CRM, "event_not_found", "simulation_changed", "too_many_requests"),
)
def simulate_discounts(request: Request[SimulationRequest]) -> SimulatedVisit | ReplayReport:
    """Price a visit, or those of the last days, by a draft of the schema. Nothing is stored."""
    if request.body.visit and (guest := request.body.visit.guest):
        customers.limit_lookups()(request.caller, request.tenant_id, guest.asked_for)
    return discounts.simulate_discounts()(request.tenant_id, request.body, request.deadline)
