"""The number of an order in the CRM: the booking engine's own, else one from a range above all engines'."""

from cellarhand.domain.records import Key, Record, tenant_partition

FIRST_ASSIGNED = 1_500_000_000
"""Where our own range begins; the CRM's numbers are 32-bit (1 to 2,147,483,647)."""


class OrderNumberClaim(Record):
    """Gives a number to one reservation for ever: saved as a new record together with the first intent."""

    tenant_id: str
    number: int
    reservation_id: str

    @property
    def key(self) -> Key:
        """One per number of a tenant."""
        return order_number_key(self.tenant_id, self.number)


class OrderNumbers(Record):
    """The next number of the tenant's own range; gaps are allowed, repeats are not."""

    tenant_id: str
    next: int = FIRST_ASSIGNED

    @property
    def key(self) -> Key:
        """One per tenant."""
        return order_numbers_key(self.tenant_id)

    def after(self, count: int) -> "OrderNumbers":
        """With `count` numbers given out."""
        return self.model_copy(update={"next": self.next + count})


def order_number_key(tenant_id: str, number: int) -> Key:
    """The key of a number's claim."""
    return Key(tenant_partition(tenant_id), f"NUM#{number:010d}")


def order_numbers_key(tenant_id: str) -> Key:
    """Where the next of a tenant's own numbers is kept."""
    return Key(tenant_partition(tenant_id), "NUMBERS")
