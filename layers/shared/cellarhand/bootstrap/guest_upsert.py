"""Wiring of getting guests into the CRM."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways, tenant_leases
from cellarhand.bootstrap.outside import Outside, once, runtime

if TYPE_CHECKING:
    from cellarhand.use_cases.guest_upsert.resume_after_login import ResumeAfterLogin
    from cellarhand.use_cases.guest_upsert.retry_upserts import RetryUpserts
    from cellarhand.use_cases.guest_upsert.upsert_customer import UpsertCustomer


@once
def upsert_customer(outside: Outside) -> "UpsertCustomer":
    """Used by the three below."""
    from cellarhand.use_cases.guest_upsert.create_customer import CreateCustomer
    from cellarhand.use_cases.guest_upsert.upsert_customer import UpsertCustomer

    create = CreateCustomer(outside.ledger, outside.clock, outside.tokens, outside.timers)
    return UpsertCustomer(outside.ledger, guarded_gateways(), create, outside.hints, runtime())


@once
def resume_after_login(outside: Outside) -> "ResumeAfterLogin":
    """For the queue, when a login was mended."""
    from cellarhand.use_cases.guest_upsert.resume_after_login import ResumeAfterLogin

    return ResumeAfterLogin(outside.ledger, outside.hints, outside.clock)


@once
def retry_upserts(outside: Outside) -> "RetryUpserts":
    """For the queue `customer-upsert-retry`."""
    from cellarhand.use_cases.guest_upsert.retry_upserts import RetryUpserts

    return RetryUpserts(
        outside.settings,
        outside.ledger,
        upsert_customer(),
        tenant_leases(),
        outside.hints,
        runtime(),
    )
