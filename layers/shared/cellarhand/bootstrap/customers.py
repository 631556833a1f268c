"""Wiring of everything that asks a CRM about people while somebody waits."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.access import audit_trail
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
    from cellarhand.domain.tenants.tenant import Policy
    from cellarhand.ports import CrmGateways
    from cellarhand.use_cases.crm.circuit_breakers import CrmBreakers
    from cellarhand.use_cases.customers.cached_lookup import CustomerFinder
    from cellarhand.use_cases.customers.limit_lookups import LimitRecognition
    from cellarhand.use_cases.customers.look_up_customer import LookUpCustomer
    from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas
    from cellarhand.use_cases.discounts.effective_policy import PolicyInForce
    from cellarhand.use_cases.discounts.evaluate_discounts import EvaluateDiscounts
    from cellarhand.use_cases.discounts.simulation.simulate import SimulateDiscounts
    from cellarhand.use_cases.invitations.invite_lists import InviteLists
    from cellarhand.use_cases.invitations.sync_contact_types import SyncCrmGroups


@once
def crm_breakers(outside: Outside) -> "CrmBreakers":
    """The tenants' breakers, as this process last saw them."""
    from cellarhand.use_cases.crm.circuit_breakers import CrmBreakers

    return CrmBreakers(outside.ledger, outside.clock)


@once
def guarded_crm(outside: Outside) -> "CrmGateways":
    """The gateways behind the tenants' breakers: what every use case but Test Login is given."""
    from cellarhand.observability import report_refused_login
    from cellarhand.use_cases.crm.guarded_gateway import GuardedCrm

    return GuardedCrm(outside.crm, crm_breakers(), outside.logins, report_refused_login)


@once
def customer_finder(outside: Outside) -> "CustomerFinder":
    """The look-ups of this process, with what they remember."""
    from cellarhand.use_cases.customers.cached_lookup import CustomerFinder

    return CustomerFinder(guarded_crm(), outside.clock)


@once
def compiled_schemas(outside: Outside) -> "CompiledSchemas":
    """The tenants' discount rules, as this process last compiled them."""
    from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas

    return CompiledSchemas(outside.settings)


@once
def policy_in_force(outside: Outside) -> "PolicyInForce":
    """What the settings and the discount schema say together."""
    from cellarhand.use_cases.discounts.effective_policy import PolicyInForce

    return PolicyInForce(outside.settings)


@once
def look_up_customer(outside: Outside) -> "LookUpCustomer":
    """For the routes of customers, clubs and contact types."""
    from cellarhand.use_cases.customers.look_up_customer import LookUpCustomer

    return LookUpCustomer(outside.settings, guarded_crm(), customer_finder(), policy_of, outside.metrics)


@once
def limit_recognition(outside: Outside) -> "LimitRecognition":
    """For every route that recognises a guest whom the caller names."""
    from cellarhand.use_cases.customers.limit_lookups import LimitRecognition

    return LimitRecognition(outside.settings, outside.ledger, outside.clock, outside.metrics)


@once
def sync_crm_groups(outside: Outside) -> "SyncCrmGroups":
    """For `POST /v1/contact-types/sync`."""
    from cellarhand.use_cases.invitations.sync_contact_types import SyncCrmGroups

    return SyncCrmGroups(outside.settings, guarded_crm(), audit_trail(), outside.clock)


@once
def invite_lists(outside: Outside) -> "InviteLists":
    """For the routes of invite lists."""
    from cellarhand.use_cases.invitations.invite_lists import InviteLists

    return InviteLists(outside.settings, guarded_crm(), policy_of, outside.clock)


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


def policy_of(tenant_id: str) -> "Policy":
    """Looked up only for a membership on hold: a look-up does not load the discount engine otherwise."""
    return policy_in_force()(tenant_id)


def schema_of(tenant_id: str) -> "CompiledSchema":
    """The rules in force, looked up only for guests whom an invite rule alone does not let in."""
    return compiled_schemas().current(tenant_id)[1]
