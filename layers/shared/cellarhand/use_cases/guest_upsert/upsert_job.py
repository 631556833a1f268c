"""One guest to be upserted: everything its steps need to know."""

from typing import NamedTuple

from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import CrmGateway
from cellarhand.use_cases.crm.time_budget import TimeBudget
from cellarhand.use_cases.ledger.reservation_context import ReservationContext


class UpsertJob(NamedTuple):
    """The reservation as read, its tenant's CRM, and how long it may take."""

    facts: ReservationContext
    record: ReservationRecord
    gateway: CrmGateway
    budget: TimeBudget

    @property
    def guest(self) -> Guest:
        """Whose customer is wanted."""
        return self.record.snapshot.guest

    @property
    def leaves_alone(self) -> bool:
        """Whether a customer that the CRM has is never written to."""
        return self.facts.settings.existing_customer == "leave_alone"
