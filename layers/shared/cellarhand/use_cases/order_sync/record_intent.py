"""Save an order's intent, together with the claim of its number if it is the first, in one transaction.

Why: docs/decisions.md#a-version-on-each-record-instead-of-a-lease
"""

from collections.abc import Callable, Iterator

from cellarhand.domain.errors import ConflictError
from cellarhand.domain.orders.order_number import (
    OrderNumberClaim,
    OrderNumbers,
    order_number_key,
    order_numbers_key,
)
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.records import Records
from cellarhand.ports.workers import Workers

BLOCK = 25
"""How many of the tenant's own numbers a process reserves at once."""

WithIntent = Callable[[int], ReservationRecord]
"""Returns the record with its intent, given the order's number."""


class OrderNumberTakenError(ConflictError):
    """The booking engine's number already belongs to another reservation."""

    code = "order_number_taken"


class RecordIntent:
    """Raises `StaleRecordError` if another process has changed the record or taken the number meanwhile.

    Own numbers are reserved from the tenant's range in blocks, so that parallel sends don't wait for each
    other; numbers that a process doesn't use remain a gap.
    """

    def __init__(self, ledger: Records, workers: Workers) -> None:
        self._ledger = ledger
        self._blocks: dict[str, Iterator[int]] = {}
        self._one_at_a_time = workers.turns(1)

    def save(self, record: ReservationRecord, with_intent: WithIntent) -> ReservationRecord:
        """Save the intent of a send. Raises `OrderNumberTakenError` and then saves nothing."""
        if record.order.number is not None:
            return self._ledger.save(with_intent(record.order.number))
        if record.snapshot.number is None:
            return self._claim(with_intent, self._own_number(record.tenant_id))
        owner = self._owner(record.tenant_id, record.snapshot.number)
        if owner is None:
            return self._claim(with_intent, record.snapshot.number)
        if owner == record.reservation_id:
            return self._ledger.save(with_intent(record.snapshot.number))
        raise OrderNumberTakenError(f"Order number {record.snapshot.number} belongs to reservation {owner}.")

    def _claim(self, with_intent: WithIntent, number: int) -> ReservationRecord:
        record = with_intent(number)
        claim = OrderNumberClaim(
            tenant_id=record.tenant_id, number=number, reservation_id=record.reservation_id
        )
        self._ledger.save_all([record, claim])
        return record.model_copy(update={"version": record.version + 1})

    def _own_number(self, tenant_id: str) -> int:
        with self._one_at_a_time:
            number = next(self._blocks.get(tenant_id, iter(())), None)
            if number is None:
                self._blocks[tenant_id] = self._reserve_block(tenant_id)
                number = next(self._blocks[tenant_id])
            return number

    def _reserve_block(self, tenant_id: str) -> Iterator[int]:
        key = order_numbers_key(tenant_id)
        numbers = self._ledger.get(OrderNumbers, key) or OrderNumbers(tenant_id=tenant_id)
        self._ledger.save(numbers.after(BLOCK))
        return iter(range(numbers.next, numbers.next + BLOCK))

    def _owner(self, tenant_id: str, number: int) -> str | None:
        claim = self._ledger.get(OrderNumberClaim, order_number_key(tenant_id, number))
        return claim.reservation_id if claim else None
