"""Writing an order's intent, and with the first one its number, in one transaction."""

from collections.abc import Callable
from threading import Lock

from cellarhand.domain.errors import ConflictError
from cellarhand.domain.order_number import OrderNumberClaim, OrderNumbers, order_number_key
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.reservation import ReservationRecord
from cellarhand.ports import Records

Intended = Callable[[int], ReservationRecord]
"""The record with its intent, given its order's number."""


class OrderNumberTakenError(ConflictError):
    """The engine's number was another reservation's first."""

    code = "order_number_taken"


class OrderIntents:
    """Raises `StaleRecordError` where the record, or the next free number, was changed meanwhile."""

    def __init__(self, ledger: Records) -> None:
        self._ledger = ledger
        self._one_at_a_time = Lock()

    def keep(self, record: ReservationRecord, intended: Intended) -> ReservationRecord:
        """Save the intent of a send. Raises `OrderNumberTakenError`; nothing is saved then."""
        if record.order.number is not None:
            return self._ledger.save(intended(record.order.number))
        if record.snapshot.number is not None:
            return self._claim(record, record.snapshot.number, intended, [])
        with self._one_at_a_time:
            return self._assign(record, intended)

    def _claim(
        self,
        record: ReservationRecord,
        number: int,
        intended: Intended,
        numbers: list[OrderNumbers],
    ) -> ReservationRecord:
        owner = self._owner(record.tenant_id, number)
        if owner is not None and owner != record.reservation_id:
            raise OrderNumberTakenError(f"Order number {number} belongs to reservation {owner}.")
        claim = OrderNumberClaim(
            tenant_id=record.tenant_id, number=number, reservation_id=record.reservation_id
        )
        saved = intended(number)
        self._ledger.save_all([saved, *([] if owner else [claim]), *numbers])
        return saved.model_copy(update={"version": saved.version + 1})

    def _assign(self, record: ReservationRecord, intended: Intended) -> ReservationRecord:
        numbers = self._numbers(record.tenant_id)
        while self._owner(record.tenant_id, numbers.next) is not None:
            numbers = numbers.after_one()
        return self._claim(record, numbers.next, intended, [numbers.after_one()])

    def _numbers(self, tenant_id: str) -> OrderNumbers:
        key = Key(tenant_partition(tenant_id), "NUMBERS")
        return self._ledger.get(OrderNumbers, key) or OrderNumbers(tenant_id=tenant_id)

    def _owner(self, tenant_id: str, number: int) -> str | None:
        claim = self._ledger.get(OrderNumberClaim, order_number_key(tenant_id, number))
        return claim.reservation_id if claim else None
