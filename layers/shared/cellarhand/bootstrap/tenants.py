"""Wiring of who may call, onboarding, settings, logins and the audit."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import circuit_breakers
from cellarhand.bootstrap.outside import Outside, once, outside

if TYPE_CHECKING:
    from cellarhand.use_cases.tenants.access_keys import AccessKeys
    from cellarhand.use_cases.tenants.audit_trail import AuditTrail
    from cellarhand.use_cases.tenants.authenticate_caller import AuthenticateCaller
    from cellarhand.use_cases.tenants.check_crm_login import CheckCrmLogin
    from cellarhand.use_cases.tenants.manage_settings import ManageSettings
    from cellarhand.use_cases.tenants.onboard_tenant import OnboardTenant
    from cellarhand.use_cases.tenants.record_crm_measurements import RecordCrmMeasurements


@once
def authenticate_caller(outside: Outside) -> "AuthenticateCaller":
    """For the authorizer."""
    from cellarhand.use_cases.tenants.authenticate_caller import AuthenticateCaller

    return AuthenticateCaller(outside.access, outside.clock)


@once
def audit_trail(outside: Outside) -> "AuditTrail":
    """For everything that changes something."""
    from cellarhand.use_cases.tenants.audit_trail import AuditTrail

    return AuditTrail(outside.audit, outside.clock, outside.tokens)


@once
def access_keys(outside: Outside) -> "AccessKeys":
    """For the routes of access keys."""
    from cellarhand.use_cases.tenants.access_keys import AccessKeys

    return AccessKeys(outside.access, outside.settings, audit_trail(), outside.clock, outside.tokens)


@once
def onboard_tenant(outside: Outside) -> "OnboardTenant":
    """For `POST /v1/tenants`."""
    from cellarhand.use_cases.tenants.onboard_tenant import OnboardTenant

    return OnboardTenant(outside.settings, access_keys(), audit_trail(), outside.clock, outside.tokens)


def check_tenant(tenant_id: str) -> None:
    """Raises `NotFoundError` unless there is such a tenant."""
    from cellarhand.use_cases.tenants.read_tenant import tenant_record

    tenant_record(outside().settings, tenant_id)


@once
def manage_settings(outside: Outside) -> "ManageSettings":
    """For the routes of settings, credentials and events."""
    from cellarhand.use_cases.tenants.manage_settings import ManageSettings

    return ManageSettings(
        outside.settings, outside.logins, circuit_breakers(), outside.hints, audit_trail(), outside.clock
    )


@once
def check_crm_login(outside: Outside) -> "CheckCrmLogin":
    """For Test Login; past the breaker."""
    from cellarhand.use_cases.tenants.check_crm_login import CheckCrmLogin

    return CheckCrmLogin(outside.settings, outside.crm, outside.logins, circuit_breakers(), outside.hints)


@once
def record_crm_measurements(outside: Outside) -> "RecordCrmMeasurements":
    """For the probe of a tenant's CRM."""
    from cellarhand.use_cases.tenants.record_crm_measurements import RecordCrmMeasurements

    return RecordCrmMeasurements(outside.settings, audit_trail())
