"""Preview a sync run: the exact orders it would send, and what it would skip. Saves and sends nothing."""

from datetime import date
from itertools import chain, islice

from pydantic import BaseModel

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.orders.order import Buyer, Order, OrderLine
from cellarhand.domain.reservations.eligibility import SkuKnowledge, assess
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.ledger.visit_walk import readable
from cellarhand.use_cases.ledger.winery_context import WineryContext

from .batch import internal_error_result, not_found_result
from .check_skus import ask_for_skus
from .select_reservations import SelectReservations

MAX_PREVIEWED = 500
SECONDS_FOR_SKUS = 10.0


class PreviewedOrder(BaseModel):
    """An order as it would be sent. `order_number` is absent if the send assigns it."""

    reservation_id: str
    order_number: str | None
    buyer: Buyer
    order_date: date
    pickup_date: date
    lines: tuple[OrderLine, ...]
    sub_total: int
    taxes: int
    total: int
    note: str | None
    sales_associate: str | None
    list_price: int
    discount: int


class Skipped(BaseModel):
    """A reservation that would be skipped. `balance`: owed by the guest, or below zero to the guest."""

    reservation_id: str
    reason: str
    message: str | None
    balance: int


class Preview(BaseModel):
    """`complete`: whether it covers the whole selection; if not, narrow the selection to see the rest."""

    orders: list[PreviewedOrder] = []
    skipped: list[Skipped] = []
    complete: bool = True


class PreviewOrders:
    """A dry run with the same rules and the same order builder as a real run."""

    def __init__(self, settings: Records, ledger: Records, crm: CrmGateways, clock: Clock) -> None:
        self._settings = settings
        self._ledger = ledger
        self._crm = crm
        self._clock = clock

    def __call__(self, tenant_id: str, selection: Selection) -> Preview:
        """Raises a `CrmError`, `SettingsIncompleteError`, `StorageUnavailableError`."""
        winery = WineryContext(self._settings, tenant_id)
        skus = ask_for_skus(self._crm.of(winery.tenant), timeout=SECONDS_FOR_SKUS)
        pages = SelectReservations(self._ledger, tenant_id, selection).pages()
        ids = list(islice(chain.from_iterable(pages), MAX_PREVIEWED + 1))
        preview = Preview(complete=len(ids) <= MAX_PREVIEWED)
        shown = ids[:MAX_PREVIEWED]
        keys = [reservation_key(tenant_id, reservation_id) for reservation_id in shown]
        found = {record.reservation_id: record for record in readable(self._ledger, keys)}
        for reservation_id in shown:
            if reservation_id in found:
                self._add(preview, winery, found[reservation_id], skus)
            else:
                preview.skipped.append(self._skipped(tenant_id, reservation_id))
        return preview

    def _skipped(self, tenant_id: str, reservation_id: str) -> Skipped:
        try:
            self._ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
            result = not_found_result(reservation_id)
        except ValueError:
            result = internal_error_result(reservation_id, None)
        return Skipped(
            reservation_id=reservation_id, reason=result.reason or "", message=result.message, balance=0
        )

    def _add(
        self,
        preview: Preview,
        winery: WineryContext,
        record: ReservationRecord,
        skus: frozenset[str] | SkuKnowledge,
    ) -> None:
        verdict = assess(record, winery.of(record.snapshot.event_id, skus))
        reason = verdict.reason or _BLOCKING.get(record.order.state)
        if reason is None:
            number = record.order.number or record.snapshot.number
            order = winery.order(record, number or 0, self._clock.now())
            preview.orders.append(_previewed(record, order, numbered=number is not None))
            return
        preview.skipped.append(
            Skipped(
                reservation_id=record.reservation_id,
                reason=reason,
                message=verdict.message or record.order.message,
                balance=record.snapshot.balance,
            )
        )


_BLOCKING = {
    state: state.value
    for state in (OrderState.SENDING, OrderState.UNKNOWN, OrderState.REVIEW, OrderState.REJECTED)
}


def _previewed(record: ReservationRecord, order: Order, *, numbered: bool) -> PreviewedOrder:
    fields = {name: getattr(order, name) for name in PreviewedOrder.model_fields if hasattr(order, name)}
    number = str(order.order_number) if numbered else None
    return PreviewedOrder(**{**fields, "reservation_id": record.reservation_id, "order_number": number})
