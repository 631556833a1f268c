"""Wiring of the use cases that keep reservations and bring their guests into the CRM."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.access import audit_trail
from cellarhand.bootstrap.customers import guarded_crm, schema_of
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.use_cases.keep_reservation import KeepReservation
    from cellarhand.use_cases.retry_customer_upsert import RetryCustomerUpsert
    from cellarhand.use_cases.retry_reservation import RetryReservation
    from cellarhand.use_cases.upsert_customer import UpsertCustomer


@once
def upsert_customer(outside: Outside) -> "UpsertCustomer":
    """Used by the three below."""
    from cellarhand.observability import report_failure
    from cellarhand.use_cases.upsert_customer import UpsertCustomer

    return UpsertCustomer(
        outside.ledger,
        guarded_crm(),
        outside.hints,
        outside.metrics,
        outside.clock,
        outside.tokens,
        outside.timers,
        report_failure,
    )


@once
def keep_reservation(outside: Outside) -> "KeepReservation":
    """For `PUT /v1/reservations/{reservation_id}`."""
    from cellarhand.observability import report_failure
    from cellarhand.use_cases.check_invitation import CheckInvitation
    from cellarhand.use_cases.keep_reservation import KeepReservation

    invitation = CheckInvitation(guarded_crm(), audit_trail(), schema_of)
    return KeepReservation(
        outside.settings, outside.ledger, upsert_customer(), invitation, outside.clock, report_failure
    )


@once
def retry_reservation(outside: Outside) -> "RetryReservation":
    """For `POST /v1/reservations/{reservation_id}/retry`."""
    from cellarhand.use_cases.retry_reservation import RetryReservation

    return RetryReservation(outside.settings, outside.ledger, upsert_customer(), audit_trail(), outside.clock)


@once
def retry_customer_upsert(outside: Outside) -> "RetryCustomerUpsert":
    """For the queue `customer-upsert-retry`."""
    from cellarhand.use_cases.retry_customer_upsert import RetryCustomerUpsert

    return RetryCustomerUpsert(
        outside.settings,
        outside.ledger,
        upsert_customer(),
        outside.hints,
        outside.clock,
        outside.tokens,
        outside.timers,
    )
