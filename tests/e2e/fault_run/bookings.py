"""The fifty reservations: five a winery, two of one guest at once, two of members VinSuite knows already."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.fault_run.wineries import Winery, on_hold_email

PER_WINERY = 5
_AT_ONCE = 4


@dataclass(frozen=True)
class Booking:
    """One reservation as the engine knows it."""

    winery: Winery
    place: int

    @property
    def reservation_id(self) -> str:
        """The engine's id."""
        return f"{self.winery.name}-{self.place}"

    @property
    def number(self) -> int:
        """The engine's number."""
        return 7000 + self.place

    @property
    def email(self) -> str:
        """Places 0 and 1 are members on hold, 2 and 3 the same new guest, the others each a new one."""
        if self.place < 2:
            return on_hold_email(self.winery.name, self.place)
        guest = 2 if self.place == 3 else self.place
        return f"guest{guest}@{self.winery.name}.example.com"

    @property
    def snapshot(self) -> dict[str, Any]:
        """A completed, paid visit of yesterday."""
        booked = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
        total = 2 * 2500 + self.place
        return {
            "sequence": 1,
            "number": self.number,
            "state": "completed",
            "event_id": "tasting",
            "starts_at": f"{(booked + timedelta(days=2)).date()}T11:00",
            "booked_at": booked.isoformat(),
            "party_size": 2,
            "booking_source": "WGT",
            "guest": {"email": self.email, "first_name": "Gil", "last_name": f"Guest{self.place}"},
            "fee_per_guest": 2500,
            "tax": self.place,
            "total": total,
            "paid": total,
        }

    def state(self) -> dict[str, Any]:
        """What Cellarhand says of it."""
        return self.winery.engine.ask("GET", f"/v1/reservations/{self.reservation_id}")


def of(wineries: list[Winery]) -> list[Booking]:
    """All fifty, the wineries in turn."""
    return [Booking(winery, place) for place in range(PER_WINERY) for winery in wineries]


def book(bookings: list[Booking]) -> list[dict[str, Any]]:
    """Put every snapshot, a few at once; each must be answered 200 whatever VinSuite does."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_put, bookings))


def _put(booking: Booking) -> dict[str, Any]:
    path = f"/v1/reservations/{booking.reservation_id}"
    return booking.winery.engine.ask("PUT", path, booking.snapshot)
