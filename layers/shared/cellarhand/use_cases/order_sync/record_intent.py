"""Writing an order's intent, and with the first one its number, in one transaction."""

from collections.abc import Callable, Iterator

from cellarhand.domain.errors import ConflictError
from cellarhand.domain.orders.order_number import OrderNumberClaim, OrderNumbers, order_number_key
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.records import Records
from cellarhand.ports.workers import Workers

BLOCK = 25
"""So many of its own numbers a process takes at once."""

Intended = Callable[[int], ReservationRecord]
"""The record with its intent, given its order's number."""


class OrderNumberTakenError(ConflictError):
    """The engine's number was another reservation's first."""

    code = "order_number_taken"


class RecordIntent:
    """Raises `StaleRecordError` where the record, or a number, was somebody else's meanwhile.

    Own numbers are taken from the tenant's range in blocks, so that sends side by side do not queue for the
    next one; what a process leaves of its block is a gap.
    """

    def __init__(self, ledger: Records, workers: Workers) -> None:
        self._ledger = ledger
        self._blocks: dict[str, Iterator[int]] = {}
        self._one_at_a_time = workers.turns(1)

    def keep(self, record: ReservationRecord, intended: Intended) -> ReservationRecord:
        """Save the intent of a send. Raises `OrderNumberTakenError`; nothing is saved then."""
        if record.order.number is not None:
            return self._ledger.save(intended(record.order.number))
        if record.snapshot.number is None:
            return self._claim(intended, self._own_number(record.tenant_id))
        owner = self._owner(record.tenant_id, record.snapshot.number)
        if owner is None:
            return self._claim(intended, record.snapshot.number)
        if owner == record.reservation_id:
            return self._ledger.save(intended(record.snapshot.number))
        raise OrderNumberTakenError(f"Order number {record.snapshot.number} belongs to reservation {owner}.")

    def _claim(self, intended: Intended, number: int) -> ReservationRecord:
        record = intended(number)
        claim = OrderNumberClaim(
            tenant_id=record.tenant_id, number=number, reservation_id=record.reservation_id
        )
        self._ledger.save_all([record, claim])
        return record.model_copy(update={"version": record.version + 1})

    def _own_number(self, tenant_id: str) -> int:
        with self._one_at_a_time:
            number = next(self._blocks.get(tenant_id, iter(())), None)
            if number is None:
                self._blocks[tenant_id] = self._reserved(tenant_id)
                number = next(self._blocks[tenant_id])
            return number

    def _reserved(self, tenant_id: str) -> Iterator[int]:
        key = Key(tenant_partition(tenant_id), "NUMBERS")
        numbers = self._ledger.get(OrderNumbers, key) or OrderNumbers(tenant_id=tenant_id)
        self._ledger.save(numbers.after(BLOCK))
        return iter(range(numbers.next, numbers.next + BLOCK))

    def _owner(self, tenant_id: str, number: int) -> str | None:
        claim = self._ledger.get(OrderNumberClaim, order_number_key(tenant_id, number))
        return claim.reservation_id if claim else None
