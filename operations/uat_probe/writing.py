"""Keeping what was found with the tenant, in the stack's settings table."""

from typing import TYPE_CHECKING

from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from cellarhand.use_cases.tenants.read_tenant import tenant_record
from cellarhand.use_cases.tenants.record_crm_measurements import RecordCrmMeasurements
from operations.stack_tables import tables_of_stack

if TYPE_CHECKING:
    from cellarhand.bootstrap.outside import Outside

OPERATOR = Caller(key_id="operator", role=Role.SUPPORT, tenant_id=None)
"""How the audit names whoever may write to the tables directly."""


class WrongTenantError(ValueError):
    """The findings are not about this tenant's CRM."""


def write(stack: str, tenant_id: str, measured: MeasuredCrm) -> None:
    """Raises `NotFoundError` for an unknown tenant, or `WrongTenantError`."""
    keep(tables_of_stack(stack), tenant_id, measured)


def keep(outside: "Outside", tenant_id: str, measured: MeasuredCrm) -> None:
    """Only for a tenant who uses VinSuite in the environment that was asked."""
    tenant = tenant_record(outside.settings, tenant_id)
    if tenant.provider is not Provider.VINSUITE or tenant.crm_environment is not CrmEnvironment(
        measured.measured_in
    ):
        raise WrongTenantError(
            f"{tenant_id} uses {tenant.provider} in {tenant.crm_environment}: "
            f"a probe of {measured.measured_in} says nothing of it."
        )
    trail = AuditTrail(outside.audit, outside.clock, outside.tokens)
    RecordCrmMeasurements(outside.settings, trail)(OPERATOR, tenant_id, measured)
