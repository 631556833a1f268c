"""What one tour books: names, numbers and dates that no earlier tour has used."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
_COUNTED_FROM = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Visit:
    """One tour's stamp; its guests came yesterday, by the winery's calendar, and booked two days earlier."""

    now: datetime

    @property
    def stamp(self) -> str:
        """Distinguishes this tour from every other."""
        return self.now.strftime("%Y%m%d%H%M%S")

    @property
    def yesterday(self) -> date:
        """The local date of the visits."""
        return self.now.astimezone(ZONE).date() - timedelta(days=1)

    @property
    def booked_at(self) -> datetime:
        """When they were booked, UTC."""
        return (self.now - timedelta(days=3)).replace(microsecond=0)

    @property
    def booked_on(self) -> date:
        """The local date of the booking."""
        return self.booked_at.astimezone(ZONE).date()

    def email(self, name: str) -> str:
        """The address of a guest who is new to the winery in each tour."""
        return f"{name}.{self.stamp}@example.com"

    def reservation_id(self, place: int) -> str:
        """The engine's id of the n-th reservation."""
        return f"tour-{self.stamp}-{place}"

    def number(self, place: int) -> int:
        """The engine's number of the n-th reservation."""
        return int((self.now - _COUNTED_FROM).total_seconds()) * 10 + place

    def snapshot(self, place: int, guest: dict[str, Any], **details: Any) -> dict[str, Any]:
        """The n-th reservation's first snapshot: a completed, paid visit for two to the estate tasting."""
        return {
            "sequence": 1,
            "number": self.number(place),
            "state": "completed",
            "event_id": "estate-tasting",
            "starts_at": f"{self.yesterday.isoformat()}T11:00",
            "booked_at": self.booked_at.isoformat(),
            "party_size": 2,
            "booking_source": "WGT",
            "guest": guest,
            "fee_per_guest": 3500,
            "tax": 578,
            "total": 7578,
            "paid": 7578,
            **details,
        }
