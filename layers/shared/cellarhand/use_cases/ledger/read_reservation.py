"""Reading one reservation that somebody has named."""

from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.ports.records import Records

NO_SUCH_RESERVATION = "There is no such reservation."


def stored_reservation(ledger: Records, tenant_id: str, reservation_id: str) -> ReservationRecord:
    """Raises `NotFoundError`."""
    stored = ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
    if stored is None:
        raise NotFoundError(NO_SUCH_RESERVATION)
    return stored
