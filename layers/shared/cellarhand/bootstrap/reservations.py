"""Wiring of the use cases that keep reservations and bring their guests into the CRM."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.access import audit_trail
from cellarhand.bootstrap.customers import compiled_schemas, guarded_crm, schema_of
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.domain.reservations.allowance_claims import Booked
    from cellarhand.domain.reservations.reservation import ReservationRecord
    from cellarhand.use_cases.crm.time_budget import TimeBudget
    from cellarhand.use_cases.discounts.claim_allowances import BookDiscounts
    from cellarhand.use_cases.discounts.recheck_member_price import RecheckGuest
    from cellarhand.use_cases.guest_upsert.resume_after_login import WakeGuests
    from cellarhand.use_cases.guest_upsert.retry_upserts import RetryCustomerUpsert
    from cellarhand.use_cases.guest_upsert.upsert_customer import UpsertCustomer
    from cellarhand.use_cases.ledger.reservation_context import ReservationFacts
    from cellarhand.use_cases.reservations.keep_reservation import KeepReservation
    from cellarhand.use_cases.reservations.retry_reservation import RetryReservation


@once
def upsert_customer(outside: Outside) -> "UpsertCustomer":
    """Used by the three below."""
    from cellarhand.observability import report_failure
    from cellarhand.use_cases.guest_upsert.upsert_customer import UpsertCustomer

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
def book_discounts(outside: Outside) -> "BookDiscounts":
    """What a reservation takes of allowances."""
    from cellarhand.use_cases.discounts.claim_allowances import BookDiscounts

    return BookDiscounts(outside.ledger, compiled_schemas(), outside.clock)


@once
def recheck_guest(outside: Outside) -> "RecheckGuest":
    """Whether a reservation's guest is who was quoted."""
    from cellarhand.use_cases.discounts.recheck_member_price import RecheckGuest

    return RecheckGuest(outside.ledger, guarded_crm(), book_discounts(), outside.clock)


class BookedDiscounts:
    """Loads the discount engine when the first reservation with a discount or a quote comes, not before."""

    def book(
        self, facts: "ReservationFacts", stored: "ReservationRecord | None", record: "ReservationRecord"
    ) -> "Booked":
        """As `BookDiscounts`."""
        return book_discounts()(facts, stored, record)

    def recheck(
        self, facts: "ReservationFacts", record: "ReservationRecord", budget: "TimeBudget"
    ) -> "ReservationRecord":
        """As `RecheckGuest`."""
        return recheck_guest()(facts, record, budget)


@once
def keep_reservation(outside: Outside) -> "KeepReservation":
    """For `PUT /v1/reservations/{reservation_id}`."""
    from cellarhand.observability import report_failure
    from cellarhand.use_cases.invitations.check_invitation import CheckInvitation
    from cellarhand.use_cases.reservations.keep_reservation import KeepReservation

    return KeepReservation(
        outside.settings,
        outside.ledger,
        upsert_customer(),
        CheckInvitation(guarded_crm(), audit_trail(), schema_of),
        BookedDiscounts(),
        outside.clock,
        lambda longest: outside.workers.pause(longest * outside.tokens.jitter()),
        report_failure,
    )


@once
def retry_reservation(outside: Outside) -> "RetryReservation":
    """For `POST /v1/reservations/{reservation_id}/retry`."""
    from cellarhand.use_cases.reservations.retry_reservation import RetryReservation

    return RetryReservation(outside.settings, outside.ledger, upsert_customer(), audit_trail(), outside.clock)


@once
def wake_guests(outside: Outside) -> "WakeGuests":
    """For the queue, when a login was mended."""
    from cellarhand.use_cases.guest_upsert.resume_after_login import WakeGuests

    return WakeGuests(outside.ledger, outside.hints, outside.clock)


@once
def retry_customer_upsert(outside: Outside) -> "RetryCustomerUpsert":
    """For the queue `customer-upsert-retry`."""
    from cellarhand.use_cases.guest_upsert.retry_upserts import RetryCustomerUpsert

    return RetryCustomerUpsert(
        outside.settings,
        outside.ledger,
        upsert_customer(),
        outside.hints,
        outside.clock,
        outside.tokens,
        outside.timers,
        outside.workers,
    )
