"""What a booking engine has said of its reservations, and which orders belong to that."""

from typing import Any

from cellarhand.domain.orders.order import Order


class Told:
    """A snapshot that the engine has reported: since when it might be known, and since when it is.

    `guests`: the addresses of all the snapshots of its reservation, shared by them.
    """

    def __init__(
        self, tenant_id: str, reservation_id: str, body: dict[str, Any], at: float, guests: set[str]
    ) -> None:
        self.tenant_id = tenant_id
        self.reservation_id = reservation_id
        self.body = body
        self.first_sent_at = at
        self.accepted_at: float | None = None
        guests.add(self.guest)
        self._guests = guests

    @property
    def guest(self) -> str:
        """The address by which the CRM knows who it is."""
        return str(self.body["guest"]["email"])

    def is_of(self, order: Order) -> bool:
        """Whether an order belongs to the reservation: by its number, if it has one, and any guest it had.

        Without a number of the engine's own only this snapshot's guest can tell.
        """
        number = self.body["number"]
        if number is None:
            return self.is_bought_by_guest(order)
        return order.buyer.email in self._guests and number == order.order_number.number

    def is_bought_by_guest(self, order: Order) -> bool:
        """Whether this snapshot's guest, not one before or after, is who buys."""
        return self.guest == order.buyer.email

    @property
    def wants_an_order(self) -> bool:
        """Whether this snapshot, synced as it stands, is an order."""
        return self.body["state"] in {"confirmed", "completed"} and self.body["paid"] == self.body["total"]
