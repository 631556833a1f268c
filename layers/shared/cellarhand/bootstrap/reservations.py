"""Wiring of keeping, listing and retrying reservations."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways
from cellarhand.bootstrap.discount_schema import schema_of
from cellarhand.bootstrap.discounts import LazyDiscounts
from cellarhand.bootstrap.guest_upsert import upsert_customer
from cellarhand.bootstrap.outside import Outside, once, runtime
from cellarhand.bootstrap.tenants import audit_trail

if TYPE_CHECKING:
    from cellarhand.use_cases.reservations.keep_reservation import KeepReservation
    from cellarhand.use_cases.reservations.list_reservations import ListReservations
    from cellarhand.use_cases.reservations.retry_reservation import RetryReservation


@once
def keep_reservation(outside: Outside) -> "KeepReservation":
    """For `PUT /v1/reservations/{reservation_id}`."""
    from cellarhand.use_cases.invitations.check_invitation import CheckInvitation
    from cellarhand.use_cases.reservations.keep_reservation import KeepReservation

    return KeepReservation(
        outside.settings,
        outside.ledger,
        upsert_customer(),
        CheckInvitation(guarded_gateways(), audit_trail(), schema_of),
        LazyDiscounts(),
        runtime(),
    )


@once
def retry_reservation(outside: Outside) -> "RetryReservation":
    """For `POST /v1/reservations/{reservation_id}/retry`."""
    from cellarhand.use_cases.reservations.retry_reservation import RetryReservation

    return RetryReservation(outside.settings, outside.ledger, upsert_customer(), audit_trail(), outside.clock)


@once
def list_reservations(outside: Outside) -> "ListReservations":
    """For showing reservations."""
    from cellarhand.use_cases.reservations.list_reservations import ListReservations

    return ListReservations(outside.ledger)
