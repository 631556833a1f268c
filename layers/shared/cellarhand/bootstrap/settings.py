"""Wiring of what a winery's staff decide."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.access import audit_trail
from cellarhand.bootstrap.customers import crm_breakers, guarded_crm
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.use_cases.discounts.manage_schema import ReadDiscountSchema, WriteDiscountSchema
    from cellarhand.use_cases.tenants.check_crm_login import TryCrmLogin
    from cellarhand.use_cases.tenants.manage_settings import TenantSettings
    from cellarhand.use_cases.tenants.record_crm_measurements import KeepMeasuredCrm


@once
def tenant_settings(outside: Outside) -> "TenantSettings":
    """For the routes of settings, credentials and events."""
    from cellarhand.use_cases.tenants.manage_settings import TenantSettings

    return TenantSettings(
        outside.settings, outside.logins, crm_breakers(), outside.hints, audit_trail(), outside.clock
    )


@once
def try_crm_login(outside: Outside) -> "TryCrmLogin":
    """For Test Login; past the breaker."""
    from cellarhand.use_cases.tenants.check_crm_login import TryCrmLogin

    return TryCrmLogin(outside.settings, outside.crm, outside.logins, crm_breakers(), outside.hints)


@once
def keep_measured_crm(outside: Outside) -> "KeepMeasuredCrm":
    """For the probe of a tenant's CRM."""
    from cellarhand.use_cases.tenants.record_crm_measurements import KeepMeasuredCrm

    return KeepMeasuredCrm(outside.settings, audit_trail())


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
