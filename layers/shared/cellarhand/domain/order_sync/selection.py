"""Which reservations a sync run is about."""

from datetime import date

from cellarhand.domain.booking.snapshot import EventId, ReservationId
from cellarhand.domain.models import FrozenModel


class Selection(FrozenModel):
    """Which reservations a run syncs: local visit dates (inclusive), events, ids; each narrows the others."""

    from_date: date | None = None
    to_date: date | None = None
    event_ids: tuple[EventId, ...] = ()
    reservation_ids: tuple[ReservationId, ...] = ()
    scheduled: bool = False

    @property
    def visits_until(self) -> date | None:
        """The last visit date that a scheduled run may sync; a manual one may sync ahead of the visit."""
        return self.to_date if self.scheduled else None

    def holds(self, visit_date: date, event_id: str) -> bool:
        """Whether it includes a reservation of this date and event; ids are not compared."""
        return (
            (self.from_date is None or visit_date >= self.from_date)
            and (self.to_date is None or visit_date <= self.to_date)
            and (not self.event_ids or event_id in self.event_ids)
        )
