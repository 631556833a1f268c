"""Wiring of the guarded way to a winery's CRM."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once, runtime

if TYPE_CHECKING:
    from cellarhand.ports.crm import CrmGateways
    from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers
    from cellarhand.use_cases.crm.tenant_leases import TenantLeases
    from cellarhand.use_cases.ledger.tenant_session import TenantSessions


@once
def tenant_leases(outside: Outside) -> "TenantLeases":
    """So that one worker at a time calls a winery's CRM for the same work."""
    from cellarhand.use_cases.crm.tenant_leases import TenantLeases

    return TenantLeases(outside.ledger, outside.clock, outside.timers)


@once
def tenant_sessions(outside: Outside) -> "TenantSessions":
    """For the runner: order sync, and the checks that share its lease."""
    from cellarhand.use_cases.ledger.tenant_session import TenantSessions

    return TenantSessions(outside.settings, tenant_leases(), runtime())


@once
def circuit_breakers(outside: Outside) -> "CircuitBreakers":
    """The tenants' breakers, as this process last saw them."""
    from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers

    return CircuitBreakers(outside.ledger, outside.clock)


@once
def guarded_gateways(outside: Outside) -> "CrmGateways":
    """The gateways behind the tenants' breakers: what every use case but Test Login is given."""
    from cellarhand.observability import report_refused_login
    from cellarhand.use_cases.crm.guarded_gateway import GuardedGateways

    return GuardedGateways(outside.crm, circuit_breakers(), outside.logins, report_refused_login)
