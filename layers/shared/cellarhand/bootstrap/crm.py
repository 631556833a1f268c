"""Wiring of the guarded way to a winery's CRM."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.ports.crm import CrmGateways
    from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers
    from cellarhand.use_cases.crm.tenant_leases import TenantLeases


@once
def tenant_leases(outside: Outside) -> "TenantLeases":
    """So that one worker at a time calls a winery's CRM for the same work."""
    from cellarhand.use_cases.crm.tenant_leases import TenantLeases

    return TenantLeases(outside.ledger, outside.clock, outside.timers)


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
