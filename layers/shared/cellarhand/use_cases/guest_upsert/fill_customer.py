"""Fill the empty fields of a customer that the CRM has already, where the winery wants that."""

from datetime import datetime

from cellarhand.domain.booking.guest import data_to_fill
from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError
from cellarhand.domain.reservations.guest_progress import linked
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import Outcome, WriteResult

from .upsert_job import UpsertJob

FILL_REFUSED = "fill_refused"


def linked_and_filled(
    job: UpsertJob, customer: Customer, now: datetime, duplicates: int = 0
) -> ReservationRecord:
    """The record linked to `customer`, just read, after what was empty there was sent. Not saved yet.

    Filling twice does no harm, so an unknown outcome is simply a reason to look again. Raises a `CrmError`.
    What the CRM declines is noted and keeps nobody from their link.
    """
    missing = None if job.leaves_alone else data_to_fill(customer, job.guest)
    if missing is None:
        return linked(job.record, customer.customer_id, now, duplicates=duplicates)
    result = job.gateway.upsert_customer(missing, timeout=job.budget.for_write())
    if result.outcome is Outcome.DONE:
        return linked(job.record, customer.customer_id, now, duplicates=duplicates)
    if result.outcome is Outcome.REFUSED:
        return linked(
            job.record,
            customer.customer_id,
            now,
            duplicates=duplicates,
            reason=FILL_REFUSED,
            message=result.message,
        )
    raise _passing(result)


def _passing(result: WriteResult) -> CrmUnavailableError | CrmLoginRefusedError:
    message = result.message or "The CRM did not take the customer's data."
    return CrmLoginRefusedError(message) if result.login_refused else CrmUnavailableError(message)
