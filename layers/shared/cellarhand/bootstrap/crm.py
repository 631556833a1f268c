"""Wiring of the guarded way to a winery's CRM."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.ports.crm import CrmGateways
    from cellarhand.use_cases.crm.circuit_breakers import CrmBreakers


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
